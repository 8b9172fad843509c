"""What sales does when something is told: by other services, by itself, or by a clock."""

from typing import Final

import sqlalchemy as sa

from chassis import custom_fields
from chassis.reactions import on
from chassis.unit_of_work import UnitOfWork
from contracts.administration import (
    CustomFieldChanged,
    CustomFieldDefined,
    CustomFieldRetired,
    UserDeactivated,
)
from services.sales.domain.opportunity import Opportunity

_EXTENSIBLE: Final = frozenset({Opportunity.resource})
_HANDED_OVER: Final = (Opportunity,)


@on(CustomFieldDefined)
def take_custom_field(uow: UnitOfWork, event: CustomFieldDefined) -> None:
    """A record of sales has a field more, or one that was retired before."""
    _define(uow, event)


@on(CustomFieldChanged)
def change_custom_field(uow: UnitOfWork, event: CustomFieldChanged) -> None:
    """A field of a record of sales has other options, labels or obligations."""
    _define(uow, event)


@on(CustomFieldRetired)
def retire_custom_field(uow: UnitOfWork, event: CustomFieldRetired) -> None:
    """A field is offered no longer; what was filled in stays."""
    if event.resource in _EXTENSIBLE:
        custom_fields.retire(uow.session, uow.metadata, resource=event.resource, name=event.name)


@on(UserDeactivated)
def hand_over(uow: UnitOfWork, event: UserDeactivated) -> None:
    """What belonged to somebody who left belongs to whoever was named; without anybody it stays as it is."""
    if event.handover_to is None:
        return
    for model in _HANDED_OVER:
        uow.session.execute(
            sa.update(model)
            .where(model.owner_id == event.user_id)
            .values(owner_id=event.handover_to, version=model.version + 1)
            .execution_options(synchronize_session=False)
        )


def _define(uow: UnitOfWork, event: CustomFieldDefined | CustomFieldChanged) -> None:
    if event.resource in _EXTENSIBLE:
        custom_fields.define(
            uow.session,
            uow.metadata,
            resource=event.resource,
            name=event.name,
            kind=event.kind,
            required=event.required,
            options=event.options,
            labels=event.labels,
            default=event.default,
        )
