"""What administration does by itself: at an instant, again and again, or when it hears of custom fields."""

from datetime import timedelta
from uuid import UUID

from chassis import custom_field_projection
from chassis.reactions import on
from chassis.timers import Due, every, timer
from chassis.unit_of_work import UnitOfWork
from contracts.administration import CustomFieldChanged, CustomFieldDefined, CustomFieldRetired
from services.administration.commands import api_keys, roles, sessions
from services.administration.commands.endings import EXPIRY_TIMER
from services.administration.domain.api_key import ApiKey


@timer(EXPIRY_TIMER, of=ApiKey)
def expire_api_key(uow: UnitOfWork, due: Due) -> None:
    """A key's last instant has come."""
    api_keys.expire_api_key(uow, UUID(due.key))


@every(timedelta(hours=1), "seed-roles")
def seed_roles(uow: UnitOfWork) -> None:
    """The product's roles exist, also after an upgrade that brought new permissions."""
    roles.seed_roles(uow)


@every(timedelta(hours=6), "forget-old-sessions")
def forget_old_sessions(uow: UnitOfWork) -> None:
    """Sessions and failures that are long over are forgotten."""
    sessions.forget_old(uow)


@on(CustomFieldDefined)
def keep_new_field(uow: UnitOfWork, event: CustomFieldDefined) -> None:
    """Users and groups have custom fields like any other resource."""
    custom_field_projection.keep(uow, event)


@on(CustomFieldChanged)
def keep_changed_field(uow: UnitOfWork, event: CustomFieldChanged) -> None:
    """A definition changed."""
    custom_field_projection.keep(uow, event)


@on(CustomFieldRetired)
def drop_field(uow: UnitOfWork, event: CustomFieldRetired) -> None:
    """A field is offered no longer."""
    custom_field_projection.drop(uow, event)
