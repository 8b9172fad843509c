"""Saying who presents a credential: at most three queries, and a write only when its last use is long ago."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from chassis.clock import utc_now
from chassis.context import Scope
from chassis.unit_of_work import UnitOfWork
from services.administration.domain import access as rules
from services.administration.domain import api_key, session
from services.administration.domain.access import Access
from services.administration.domain.parameter_catalogue import CATALOGUE
from services.administration.errors import CredentialInvalid
from services.administration.queries import access as access_queries
from services.administration.queries import credentials


def identify(uow: UnitOfWork, *, kind: str, secret_hash: str) -> dict[str, Any]:
    """Return who presents a session or an API key, in the form of ``Actor.to_dict`` with ``expires_at``.

    Raises ``CredentialInvalid`` for what is unknown, ended, expired or of a deactivated user.
    """
    return _session(uow, secret_hash) if kind == "session" else _key(uow, secret_hash)


def _session(uow: UnitOfWork, secret_hash: str) -> dict[str, Any]:
    holder, now = credentials.session_holder(uow.session, secret_hash), utc_now()
    if holder is None:
        raise CredentialInvalid
    stored = holder.session_idle_minutes
    minutes = CATALOGUE["session.idle_minutes"].default if stored is None else stored["value"]
    if session.good_until(holder.expires_at, holder.last_used_at, timedelta(minutes=minutes)) <= now:
        raise CredentialInvalid
    if now - holder.last_used_at > session.USE_NOTED_EVERY:
        credentials.note_session_used(uow.session, holder.session_id, now)
    access = access_queries.access_of(uow.session, holder.user_id, barred=holder.must_change_password)
    until = session.good_until(holder.expires_at, now, timedelta(minutes=minutes))
    return _identity(
        holder, access, access.permissions, kind="user", name=holder.name, session_id=holder.session_id, until=until
    )


def _key(uow: UnitOfWork, secret_hash: str) -> dict[str, Any]:
    holder, now = credentials.key_holder(uow.session, secret_hash), utc_now()
    if holder is None or (holder.expires_at is not None and holder.expires_at <= now):
        raise CredentialInvalid
    if holder.last_used_at is None or now - holder.last_used_at > api_key.USE_NOTED_EVERY:
        credentials.note_key_used(uow.session, holder.key_id, now)
    access = access_queries.access_of(uow.session, holder.user_id)
    permissions = rules.key_permissions(holder.scopes, access.permissions)
    name = f"{holder.name} ({holder.key_name})"
    return _identity(
        holder, access, permissions, kind="api_key", name=name, key_id=holder.key_id, until=holder.expires_at
    )


def _identity(
    holder: Any,
    access: Access,
    permissions: Mapping[str, Scope],
    *,
    kind: str,
    name: str,
    until: datetime | None,
    key_id: UUID | None = None,
    session_id: UUID | None = None,
) -> dict[str, Any]:
    return {
        "user_id": str(holder.user_id),
        "name": name,
        "kind": kind,
        "permissions": dict(permissions),
        "groups": sorted(map(str, access.groups)),
        "teams": sorted(map(str, access.teams)),
        "group_id": None if holder.group_id is None else str(holder.group_id),
        "locale": holder.locale,
        "time_zone": holder.time_zone,
        "key_id": None if key_id is None else str(key_id),
        "session_id": None if session_id is None else str(session_id),
        "must_change_password": holder.must_change_password,
        "expires_at": None if until is None else until.isoformat().replace("+00:00", "Z"),
    }
