"""What is done with parameters."""

from typing import Any

from chassis.clock import utc_now
from chassis.errors import VersionConflict
from chassis.i18n import choose
from chassis.ids import new_id
from chassis.unit_of_work import UnitOfWork
from services.administration.commands import log
from services.administration.domain.parameter import Parameter, ParameterChange
from services.administration.errors import ParameterInvalid
from services.administration.queries import parameters as parameter_queries
from services.administration.queries.parameters import Setting


def set_parameter(uow: UnitOfWork, key: str, *, value: Any) -> Setting:
    """Give a parameter a value, effective at once. Raise ``ParameterInvalid``, or ``VersionConflict`` for If-Match."""
    declared = parameter_queries.declaration(key)
    problem = declared.problem(value)
    if problem is not None:
        en, es = problem
        detail = choose({"en": en, "es": es}, uow.call.locale)
        raise ParameterInvalid(key=key, errors=[{"pointer": "/value", "detail": detail}])
    _change(uow, key, value)
    return parameter_queries.setting(uow.session, key, uow.call.locale)


def reset_parameter(uow: UnitOfWork, key: str) -> Setting:
    """Go back to the default of this version, which is a value like any other from then on."""
    declared = parameter_queries.declaration(key)
    parameter = parameter_queries.stored(uow.session, key)
    if parameter is not None:
        _change(uow, key, declared.default)
    return parameter_queries.setting(uow.session, key, uow.call.locale)


def _change(uow: UnitOfWork, key: str, value: Any) -> None:
    parameter = parameter_queries.stored(uow.session, key)
    expected, actual = uow.call.expected_version, 0 if parameter is None else parameter.version
    if expected is not None and expected != actual:
        raise VersionConflict(expected=expected, actual=actual)
    old = parameter_queries.declaration(key).default if parameter is None else parameter.value
    if parameter is None:
        parameter = uow.add(Parameter(key=key, stored={"value": old}))
    if old == value and actual:
        return
    parameter.set(value, old=old)
    uow.session.add(
        ParameterChange(
            id=new_id(),
            key=key,
            old_document={"value": old},
            new_document={"value": value},
            changed_at=utc_now(),
            actor_id=uow.actor.user_id,
            actor_name=uow.actor.name,
        )
    )
    log.note(
        uow, "parameters.changed", record_id=parameter.id, label=key, before={"value": old}, after={"value": value}
    )
    uow.flush()
