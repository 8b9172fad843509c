"""Who presents a credential: sessions, API keys, passwords, and the brakes on guessing."""

from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session as Connection

from services.administration.domain.api_key import ApiKey
from services.administration.domain.log_in_brake import LogInBrake
from services.administration.domain.log_in_delay import Slowed
from services.administration.domain.parameter import Parameter
from services.administration.domain.session import Session
from services.administration.domain.user import User

S = TypeVar("S", sa.Update, sa.Delete)
_IDENTITY = (
    User.id.label("user_id"),
    User.name,
    User.group_id,
    User.locale,
    User.time_zone,
    User.must_change_password,
)


def _stored(key: str) -> sa.Label[Any]:
    query = sa.select(Parameter.stored).where(Parameter.key == key)
    return query.scalar_subquery().label(key.replace(".", "_"))


def session_holder(connection: Connection, secret_hash: str) -> sa.Row[*tuple[Any, ...]] | None:
    """Return the open session with this secret, its active user and the stored idle limit, in one query."""
    query = (
        sa.select(
            Session.id.label("session_id"),
            Session.expires_at,
            Session.last_used_at,
            *_IDENTITY,
            _stored("session.idle_minutes"),
        )
        .join(User, User.id == Session.user_id)
        .where(Session.secret_hash == secret_hash, Session.ended_at.is_(None), User.active)
    )
    return connection.execute(query).one_or_none()


def key_holder(connection: Connection, secret_hash: str) -> sa.Row[*tuple[Any, ...]] | None:
    """Return the API key with this token, unless revoked, and its active owner, in one query."""
    query = (
        sa.select(
            ApiKey.id.label("key_id"),
            ApiKey.name.label("key_name"),
            ApiKey.scopes,
            ApiKey.expires_at,
            ApiKey.last_used_at,
            *_IDENTITY,
        )
        .join(User, User.id == ApiKey.owner_id)
        .where(ApiKey.secret_hash == secret_hash, ApiKey.revoked_at.is_(None), User.active)
    )
    return connection.execute(query).one_or_none()


def note_session_used(connection: Connection, session_id: UUID, at: datetime) -> None:
    """Remember when a session was used; no new version, because nobody changed the record."""
    _touch(connection, Session, session_id, last_used_at=at)


def note_key_used(connection: Connection, key_id: UUID, at: datetime) -> None:
    """Remember when a key was used; no new version, because nobody changed the record."""
    _touch(connection, ApiKey, key_id, last_used_at=at)


def note_log_in(connection: Connection, user_id: UUID, at: datetime) -> None:
    """Remember when a user logged in; no new version, because nobody changed the record."""
    _touch(connection, User, user_id, last_log_in_at=at)


def password_holder(connection: Connection, username: str) -> sa.Row[*tuple[Any, ...]] | None:
    """Return id, state and password hash of the user with this name, or None; one query either way."""
    query = sa.select(User.id, User.active, User.password_hash).where(User.username == username)
    return connection.execute(query).one_or_none()


def open_sessions(connection: Connection, user_id: UUID, now: datetime) -> list[Session]:
    """Return the sessions of a user that have not ended."""
    query = sa.select(Session).where(Session.user_id == user_id, Session.ended_at.is_(None), Session.expires_at > now)
    return list(connection.scalars(query))


def active_keys(connection: Connection, owner_id: UUID) -> list[ApiKey]:
    """Return the keys of a user that are not revoked."""
    query = sa.select(ApiKey).where(ApiKey.owner_id == owner_id, ApiKey.revoked_at.is_(None))
    return list(connection.scalars(query))


def blocked_until(connection: Connection, brakes: list[tuple[Slowed, str]]) -> datetime | None:
    """Return the latest instant until which one of these names and addresses has to wait, or None."""
    query = sa.select(sa.func.max(LogInBrake.blocked_until, type_=LogInBrake.blocked_until.type)).where(_any_of(brakes))
    return connection.scalar(query)


def brake(connection: Connection, slowed: Slowed, key: str) -> LogInBrake:
    """Return the brake of a name or an address for writing, made where there is none; others wait for this one."""
    fresh = LogInBrake(slowed=slowed, key=key)
    insert = sqlite.insert if connection.get_bind().dialect.name == "sqlite" else postgresql.insert
    values = {c.key: getattr(fresh, c.key) for c in sa.inspect(LogInBrake).column_attrs}
    connection.execute(insert(LogInBrake).values(**values).on_conflict_do_nothing())
    query = sa.select(LogInBrake).where(LogInBrake.slowed == slowed, LogInBrake.key == key)
    return connection.scalars(query.with_for_update()).one()


def release(connection: Connection, brakes: list[tuple[Slowed, str]]) -> None:
    """Delete the brakes of these names and addresses."""
    connection.execute(_unloaded(sa.delete(LogInBrake).where(_any_of(brakes))))


def forget_brakes(connection: Connection, before: datetime) -> None:
    """Delete the brakes that nobody touched since ``before``."""
    connection.execute(_unloaded(sa.delete(LogInBrake).where(LogInBrake.last_failed_at < before)))


def forget_sessions(connection: Connection, before: datetime) -> None:
    """Delete the sessions that ended or expired before the instant ``before``."""
    over = sa.func.coalesce(Session.ended_at, Session.expires_at)
    connection.execute(_unloaded(sa.delete(Session).where(over < before)))


def _touch(connection: Connection, model: type[Session | ApiKey | User], id_: UUID, **values: datetime) -> None:
    # Naming updated_at keeps it as it is; otherwise the column would say that somebody edited the record.
    update = sa.update(model).where(model.id == id_).values(updated_at=model.updated_at, **values)
    connection.execute(_unloaded(update))


def _any_of(brakes: list[tuple[Slowed, str]]) -> sa.ColumnElement[bool]:
    return sa.tuple_(LogInBrake.slowed, LogInBrake.key).in_(brakes)


def _unloaded(statement: S) -> S:
    # Nobody holds these rows as objects here, so none has to be looked for and brought up to date.
    return statement.execution_options(synchronize_session=False)
