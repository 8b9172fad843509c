"""Logging in and out, and saying who presents a credential."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from chassis import passwords
from chassis.clock import utc_now
from chassis.credentials import csrf_token, hash_secret, new_secret
from chassis.errors import DomainError
from chassis.unit_of_work import UnitOfWork
from services.administration.commands import log
from services.administration.commands.guessing import count_failure, demand_patience, forgive
from services.administration.commands.passwords import Reading
from services.administration.domain.session import Session
from services.administration.domain.user import User
from services.administration.errors import LogInFailed
from services.administration.queries import credentials, parameters

_LONGEST_AGENT = 255


@dataclass(frozen=True, kw_only=True)
class Checked:
    """What checking a password found; ``new_hash`` is set where the stored hash was made with older parameters."""

    user_id: UUID | None
    right: bool
    new_hash: str | None = field(default=None, repr=False)


@dataclass(frozen=True, kw_only=True)
class SignedIn:
    """A session just opened. ``secret`` and ``csrf_token`` are shown now and never again."""

    id: UUID
    user: User
    secret: str = field(repr=False)
    csrf_token: str = field(repr=False)
    expires_at: datetime
    must_change_password: bool


def check_password(reading: Reading, data: dict[str, Any]) -> Checked:
    """Check a user name and a password, taking as long for a name that does not exist.

    Raises ``LogInDelayed`` while the name or the address has to wait; then nothing is computed.
    """
    username = data["username"].strip().lower()
    with reading() as uow:
        demand_patience(uow, username, data.get("ip"))
        holder = credentials.password_holder(uow.session, username)
    stored = holder.password_hash if holder is not None and holder.active else None
    right = passwords.verify_password(stored, data["password"])
    renew = right and stored is not None and passwords.needs_rehash(stored)
    return Checked(
        user_id=None if holder is None else holder.id,
        right=right,
        new_hash=passwords.hash_password(data["password"]) if renew else None,
    )


def log_in(
    uow: UnitOfWork,
    prepared: Checked,
    *,
    username: str,
    ip: str | None = None,
    user_agent: str | None = None,
    **_: Any,
) -> SignedIn | DomainError:
    """Open a session, or return ``LogInFailed`` with the failure counted."""
    name = username.strip().lower()
    if not prepared.right or prepared.user_id is None:
        count_failure(uow, name, ip, user_id=prepared.user_id)
        log.note(uow, "sessions.refused", record_id=prepared.user_id, label=name[:64], address=ip)
        return LogInFailed()
    user = uow.get(User, prepared.user_id)
    if not user.active:
        return LogInFailed()
    now = utc_now()
    if prepared.new_hash is not None:
        user.password_hash = prepared.new_hash
    if not user.must_change_password and parameters.password_policy(uow.session).is_too_old(
        user.password_changed_at, now
    ):
        user.must_change_password = True
    forgive(uow, name)
    return _open(uow, user, now, ip, user_agent)


def log_out(uow: UnitOfWork) -> None:
    """End the caller's session; a caller without one (an API key) has nothing to end."""
    if uow.actor.session_id is None:
        return
    session = uow.get(Session, uow.actor.session_id)
    session.end(at=utc_now(), because="logged-out")
    log.note(uow, "sessions.ended", record_id=session.id, label="logged-out")


def end_session(uow: UnitOfWork, session_id: UUID) -> None:
    """End somebody's session, the own or another's, within the caller's reach; an ended one stays ended."""
    session = uow.get(Session, session_id)
    if session.ended_at is None:
        session.end(at=utc_now(), because="ended-by-other")
        log.note(uow, "sessions.ended", record_id=session.id, label="ended-by-other")


def forget_old(uow: UnitOfWork) -> None:
    """Delete sessions that were over a month ago and brakes that nobody touched for two days."""
    now = utc_now()
    credentials.forget_sessions(uow.session, now - timedelta(days=30))
    credentials.forget_brakes(uow.session, now - timedelta(days=2))


def _open(uow: UnitOfWork, user: User, now: datetime, ip: str | None, user_agent: str | None) -> SignedIn:
    secret = new_secret()
    expires_at = now + timedelta(hours=parameters.value(uow.session, "session.absolute_hours"))
    session = uow.add(
        Session(
            user_id=user.id,
            owner_id=user.id,
            group_id=user.group_id,
            secret_hash=hash_secret(secret),
            address=ip,
            user_agent=None if user_agent is None else user_agent[:_LONGEST_AGENT],
            last_used_at=now,
            expires_at=expires_at,
        )
    )
    uow.flush()
    credentials.note_log_in(uow.session, user.id, now)
    by = (user.id, user.name)
    log.note(uow, "sessions.opened", record_id=session.id, label=user.username, address=ip, by=by)
    return SignedIn(
        id=session.id,
        user=user,
        secret=secret,
        csrf_token=csrf_token(secret),
        expires_at=expires_at,
        must_change_password=user.must_change_password,
    )
