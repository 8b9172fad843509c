"""The settings of the installation: what was set, or else the default."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from chassis.errors import NotFound
from services.administration.domain.parameter import Parameter
from services.administration.domain.parameter_catalogue import CATALOGUE, Declaration
from services.administration.domain.password_policy import PasswordPolicy


@dataclass(frozen=True, kw_only=True)
class Setting:
    """A parameter as it is shown: its declaration and the effective value. ``version`` is 0 until it is set."""

    key: str
    kind: str
    value: Any
    default: Any
    is_default: bool
    description: str
    options: list[str]
    minimum: int | None
    maximum: int | None
    version: int
    updated_at: datetime | None


def declaration(key: str) -> Declaration:
    """Return what a parameter is. Raise ``NotFound`` for one that does not exist."""
    found = CATALOGUE.get(key)
    if found is None:
        raise NotFound(resource="parameters", id=key[:120])
    return found


def value(session: Session, key: str) -> Any:
    """Return the effective value of a parameter."""
    found = stored(session, key)
    return CATALOGUE[key].default if found is None else found.value


def stored(session: Session, key: str) -> Parameter | None:
    """Return what was set for a parameter, or None while the default holds."""
    return session.scalars(sa.select(Parameter).where(Parameter.key == key)).one_or_none()


def setting(session: Session, key: str, locale: str) -> Setting:
    """Return one parameter as it is shown. Raise ``NotFound`` for one that does not exist."""
    return shown(declaration(key), stored(session, key), locale)


def settings(session: Session, locale: str) -> list[Setting]:
    """Return all parameters as they are shown, by key."""
    found = {parameter.key: parameter for parameter in session.scalars(sa.select(Parameter))}
    return [shown(CATALOGUE[key], found.get(key), locale) for key in sorted(CATALOGUE)]


def password_policy(session: Session) -> PasswordPolicy:
    """Return what passwords must be like now."""
    days = value(session, "password.max_age_days")
    return PasswordPolicy(
        min_length=value(session, "password.min_length"), max_age=timedelta(days=days) if days else None
    )


def shown(declared: Declaration, parameter: Parameter | None, locale: str) -> Setting:
    """Return a parameter as it is shown, described in ``locale``."""
    value = declared.default if parameter is None else parameter.value
    return Setting(
        key=declared.key,
        kind=declared.kind,
        value=value,
        default=declared.default,
        is_default=value == declared.default,
        description=declared.es if locale == "es" else declared.en,
        options=list(declared.options),
        minimum=declared.minimum,
        maximum=declared.maximum,
        version=0 if parameter is None else parameter.version,
        updated_at=None if parameter is None else parameter.updated_at,
    )
