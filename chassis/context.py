"""Who is asking, and what travels with every call: the actor, the request id, the trace, the deadline."""

import base64
import functools
import hashlib
import hmac
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Literal, Self

import orjson

from chassis.clock import epoch_seconds
from chassis.errors import Unauthenticated

Scope = Literal["own", "team", "all"]
Kind = Literal["user", "api_key", "service", "system", "anonymous"]
WIDTH: Mapping[str, int] = {"own": 1, "team": 2, "all": 3}


class InvalidActor(Unauthenticated):
    """The caller's identity is missing, forged or out of date."""

    slug = "invalid-actor"
    es = "La identidad de quien llama falta, es falsa o ha caducado."


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Somebody or something that asks for work.

    ``permissions`` maps ``resource:action`` to a scope; ``people:*`` and ``*:*`` are understood. ``groups`` are the
    groups the user belongs to, directly or by nesting. ``teams`` are the groups whose rows the scope ``team``
    shows: the user's own groups and every group below them, never beside. ``group_id`` is where new rows are born.
    """

    user_id: uuid.UUID | None = None
    name: str = ""
    kind: Kind = "user"
    permissions: Mapping[str, Scope] = field(default_factory=dict)
    groups: frozenset[uuid.UUID] = frozenset()
    teams: frozenset[uuid.UUID] = frozenset()
    group_id: uuid.UUID | None = None
    locale: str = "es"
    time_zone: str = "Europe/Madrid"
    key_id: uuid.UUID | None = None
    session_id: uuid.UUID | None = None

    def scope(self, permission: str) -> Scope | None:
        """Return how far ``resource:action`` reaches for this actor, the widest grant winning, or None."""
        resource = permission.partition(":")[0]
        widest: Scope | None = None
        for name in (permission, f"{resource}:*", "*:*"):
            grant = self.permissions.get(name)
            if grant is not None and (widest is None or WIDTH[grant] > WIDTH[widest]):
                widest = grant
        return widest

    def to_dict(self) -> dict[str, Any]:
        """Return the actor as plain JSON values."""
        return {
            "user_id": _text(self.user_id),
            "name": self.name,
            "kind": self.kind,
            "permissions": dict(self.permissions),
            "groups": sorted(map(str, self.groups)),
            "teams": sorted(map(str, self.teams)),
            "group_id": _text(self.group_id),
            "locale": self.locale,
            "time_zone": self.time_zone,
            "key_id": _text(self.key_id),
            "session_id": _text(self.session_id),
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Rebuild an actor from ``to_dict``; unknown keys are ignored."""
        return cls(
            user_id=_id(values.get("user_id")),
            name=values.get("name") or "",
            kind=values.get("kind") or "user",
            permissions=dict(values.get("permissions") or {}),
            groups=frozenset(map(uuid.UUID, values.get("groups") or ())),
            teams=frozenset(map(uuid.UUID, values.get("teams") or ())),
            group_id=_id(values.get("group_id")),
            locale=values.get("locale") or "es",
            time_zone=values.get("time_zone") or "Europe/Madrid",
            key_id=_id(values.get("key_id")),
            session_id=_id(values.get("session_id")),
        )

    def sign(self, secret: str, *, expires_at: float) -> str:
        """Return the actor as a signed header value, valid until ``expires_at`` (seconds since the epoch)."""
        payload = base64.urlsafe_b64encode(orjson.dumps({**self.to_dict(), "exp": expires_at}))
        return f"{payload.decode()}.{_mac(payload, secret)}"

    @classmethod
    def verify(cls, token: str, secret: str) -> "Actor":
        """Return the actor that ``token`` names. Raise ``InvalidActor`` for a forged or expired one."""
        actor, expires_at = _open(token, secret)
        if expires_at <= epoch_seconds():
            raise InvalidActor
        return actor


# The gateway sends the same header for every request of one identity, so opening it is done once, not per call.
@functools.lru_cache(maxsize=4096)
def _open(token: str, secret: str) -> tuple[Actor, float]:
    payload, _, mac = token.partition(".")
    if not hmac.compare_digest(_mac(payload.encode(), secret).encode(), mac.encode()):
        raise InvalidActor
    try:
        values = orjson.loads(base64.urlsafe_b64decode(payload))
        return Actor.from_dict(values), float(values["exp"])
    except (ValueError, KeyError, TypeError) as error:
        raise InvalidActor from error


def _mac(payload: bytes, secret: str) -> str:
    return hmac.new(b"actor:" + secret.encode(), payload, hashlib.sha256).hexdigest()


def _text(value: uuid.UUID | None) -> str | None:
    return None if value is None else str(value)


def _id(value: str | None) -> uuid.UUID | None:
    return uuid.UUID(value) if value else None


ANONYMOUS = Actor(kind="anonymous", name="anonymous")
SYSTEM = Actor(kind="system", name="system", permissions={"*:*": "all"})


@dataclass(frozen=True, kw_only=True)
class Call:
    """One request as a service sees it. ``deadline`` is in seconds since the epoch; ``caused_by`` is an event id."""

    actor: Actor = ANONYMOUS
    request_id: str = ""
    traceparent: str = ""
    locale: str = "es"
    method: str = ""
    idempotency_key: str | None = None
    expected_version: int | None = None
    deadline: float | None = None
    caused_by: str | None = None
    correlation_id: str = ""
    cause: str = "api"
    depth: int = 0


NO_CALL = Call()
current_call: ContextVar[Call] = ContextVar("current_call", default=NO_CALL)


@contextmanager
def calling(call: Call) -> Iterator[Call]:
    """Make ``call`` the current one for the block."""
    token = current_call.set(call)
    try:
        yield call
    finally:
        current_call.reset(token)
