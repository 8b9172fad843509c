"""New passwords, and the own one changed. Hashing happens before the write transaction opens."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from chassis import passwords
from chassis.clock import utc_now
from chassis.errors import DomainError
from chassis.i18n import choose
from chassis.unit_of_work import UnitOfWork
from services.administration.commands import log
from services.administration.commands.endings import end_sessions
from services.administration.commands.guessing import count_failure, demand_patience
from services.administration.domain.user import User
from services.administration.errors import PasswordRefused, PasswordWrong
from services.administration.queries import parameters
from services.administration.queries import users as user_queries

Reading = Callable[[], AbstractContextManager[UnitOfWork]]


@dataclass(frozen=True, kw_only=True)
class OwnChange:
    """What was found before the own password is changed; ``new_hash`` is None where the present one was wrong."""

    username: str
    new_hash: str | None = field(repr=False)


def prepare_first(reading: Reading, data: dict[str, Any]) -> str | None:
    """Return the hash of a new user's password, or None where none was given. Raise ``PasswordRefused``."""
    if data.get("password") is None:
        return None
    with reading() as uow:
        _demand_policy(uow, data["password"], data["username"], "password")
    return passwords.hash_password(data["password"])


def prepare_set(reading: Reading, user_id: UUID, data: dict[str, Any]) -> str:
    """Return the hash of the password that a user is given. Raise ``PasswordRefused``, or ``NotFound``."""
    with reading() as uow:
        user = uow.get(User, user_id)
        _demand_policy(uow, data["password"], user.username, "password")
    return passwords.hash_password(data["password"])


def prepare_own(reading: Reading, data: dict[str, Any]) -> OwnChange:
    """Check the present password and hash the new one. Raise ``PasswordRefused`` or ``LogInDelayed``."""
    with reading() as uow:
        user = uow.get(User, user_queries.signed_in_caller(uow))
        demand_patience(uow, user.username, None)
        _demand_policy(uow, data["new_password"], user.username, "new_password")
        if data["new_password"] == data["password"]:
            raise _refused(uow, [("It is the present one.", "Es la actual.")], "new_password")
    if not passwords.verify_password(user.password_hash, data["password"]):
        return OwnChange(username=user.username, new_hash=None)
    return OwnChange(username=user.username, new_hash=passwords.hash_password(data["new_password"]))


def change_own_password(uow: UnitOfWork, prepared: OwnChange, **_: Any) -> User | DomainError:
    """Keep the caller's new password and end the other sessions.

    Returns ``PasswordWrong`` where the present one was wrong: the failure counts like one at log-in.
    """
    user = uow.get(User, user_queries.signed_in_caller(uow))
    if prepared.new_hash is None:
        count_failure(uow, prepared.username, None, user_id=user.id)
        return PasswordWrong()
    now = utc_now()
    user.set_password(prepared.new_hash, at=now, must_change=False)
    user.tell()
    end_sessions(uow, user.id, at=now, because="password-changed", except_for=uow.actor.session_id)
    log.note(uow, "users.password_changed", record_id=user.id, label=user.username)
    return user


def _demand_policy(uow: UnitOfWork, password: str, username: str, named: str) -> None:
    problems = parameters.password_policy(uow.session).problems(password, username=username)
    if problems:
        raise _refused(uow, problems, named)


def _refused(uow: UnitOfWork, problems: list[tuple[str, str]], named: str) -> PasswordRefused:
    locale = uow.call.locale
    details = [choose({"en": en, "es": es}, locale) for en, es in problems]
    return PasswordRefused(errors=[{"pointer": f"/{named}", "detail": detail} for detail in details])
