"""Telling the suite's users what happened, and knowing who they are."""

from chassis.envelope import Envelope
from chassis.reactions import on, on_every
from chassis.unit_of_work import UnitOfWork
from contracts.administration import GroupChanged, RoleChanged, UserChanged, UserCreated, UserDeactivated
from services.notifications.commands.noticing import tell_people
from services.notifications.queries import colleagues, webhooks


@on_every("crm.#")
def notify(uow: UnitOfWork, envelope: Envelope) -> None:
    """Whoever the rules name is told, unless they prefer not to be."""
    tell_people(uow, envelope)


@on(UserCreated)
def know_user(uow: UnitOfWork, event: UserCreated) -> None:
    """Somebody new can be told of things."""
    _keep(uow, event, active=True)


@on(UserChanged)
def follow_user(uow: UnitOfWork, event: UserChanged) -> None:
    """Somebody has another name, address, language, other groups or roles, or may not sign in any more."""
    _keep(uow, event, active=event.active)


@on(UserDeactivated)
def hand_over(uow: UnitOfWork, event: UserDeactivated) -> None:
    """The webhooks of somebody who left belong to whoever was named."""
    if event.handover_to is not None:
        webhooks.hand_over(uow, event.user_id, event.handover_to)


@on(GroupChanged)
def follow_group(uow: UnitOfWork, event: GroupChanged) -> None:
    """A group was made, moved, given roles or removed."""
    card = {
        "id": event.group_id,
        "name": event.name,
        "parent_id": event.parent_id,
        "roles": {"ids": [str(each) for each in event.role_ids]},
    }
    colleagues.keep_group(uow, card, removed=event.removed)


@on(RoleChanged)
def follow_role(uow: UnitOfWork, event: RoleChanged) -> None:
    """A role has another name, or is gone."""
    colleagues.keep_role(uow, event.role_id, event.name, removed=event.removed)


def _keep(uow: UnitOfWork, event: UserCreated | UserChanged, *, active: bool) -> None:
    card = {
        "id": event.user_id,
        "name": event.name or event.username,
        "email": event.email,
        "locale": event.locale,
        "active": active,
        "roles": {"ids": [str(each) for each in event.role_ids]},
    }
    colleagues.keep_user(uow, card, [*event.group_ids, *([event.group_id] if event.group_id else [])])
