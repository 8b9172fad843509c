"""Forgets who somebody is as soon as administration tells that it changed."""

from collections.abc import Callable, Mapping
from typing import Any

from contracts import administration as told
from gateway.identity import Identities
from gateway.live.hub import Hub
from gateway.live.ring import LiveEvent


class IdentityWatch:
    """Listens to the few events that change what somebody may do; live connections end with the identity."""

    def __init__(self, identities: Identities, hub: Hub) -> None:
        self._identities = identities
        self._hub = hub
        self._reactions: dict[str, Callable[[Mapping[str, Any]], None]] = {
            told.UserChanged.type: lambda data: self._forget(user=str(data["user_id"])),
            told.UserDeactivated.type: lambda data: self._forget(user=str(data["user_id"])),
            told.GroupChanged.type: lambda _: self._forget(),
            told.RoleChanged.type: lambda _: self._forget(),
            told.ApiKeyRevoked.type: lambda data: self._forget(key=str(data["key_id"])),
            told.SessionEnded.type: lambda data: self._forget(session=str(data["session_id"])),
        }

    def take(self, event: LiveEvent, envelope: Mapping[str, Any]) -> None:
        """Look at one event; most are none of ours."""
        reaction = self._reactions.get(event.type)
        if reaction is not None:
            reaction(envelope["data"])

    def _forget(self, *, user: str | None = None, key: str | None = None, session: str | None = None) -> None:
        self._identities.forget(user=user, key=key, session=session)
        self._hub.dismiss(user=user, key=key, session=session)
