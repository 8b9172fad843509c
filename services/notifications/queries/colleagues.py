"""Who the users are, and who is meant by a group or its supervisors."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from chassis.db.filters import filters_for
from chassis.db.paging import Page, PageRequest
from chassis.unit_of_work import UnitOfWork
from services.notifications.domain.colleague import Colleague, ColleagueGroup, KnownGroup, KnownRole
from services.notifications.domain.message import Message, MessageChannel
from services.notifications.domain.notification_rule import NotificationRule
from services.notifications.domain.preference import EVERYTHING, Preference
from services.notifications.errors import RuleExists

RULE_FILTERS = filters_for(NotificationRule, default_sort=("name",))
PREFERENCE_FILTERS = filters_for(Preference, default_sort=("topic",))
SUPERVISOR: Final = "supervisor"  # the role that ships under this name
_DEEPEST: Final = 20
_ACTIVE_RULES: Final = sa.select(NotificationRule).where(NotificationRule.active.is_(True))


def rules(uow: UnitOfWork, page: PageRequest) -> Page[NotificationRule]:
    """Return a page of notification rules."""
    return page.apply(sa.select(NotificationRule), uow.session)


def active_rules(uow: UnitOfWork) -> Sequence[NotificationRule]:
    """Return the rules that count."""
    return uow.session.scalars(_ACTIVE_RULES).all()


def check_rule_name(uow: UnitOfWork, name: str, besides: UUID) -> None:
    """Raise ``RuleExists`` where another rule has that name."""
    found = sa.select(NotificationRule.id).where(NotificationRule.name == name, NotificationRule.id != besides)
    if uow.session.scalar(found):
        raise RuleExists(name=name)


def preferences(uow: UnitOfWork, page: PageRequest) -> Page[Preference]:
    """Return a page of the preferences that the caller may see."""
    return page.apply(uow.scoped(sa.select(Preference), Preference), uow.session)


def preference(uow: UnitOfWork, user_id: UUID | None, channel: MessageChannel, topic: str) -> Preference | None:
    """Return one preference of a user."""
    return uow.session.scalar(
        sa.select(Preference).where(
            Preference.owner_id == user_id, Preference.channel == channel, Preference.topic == topic
        )
    )


def wants(uow: UnitOfWork, user_ids: Iterable[UUID], topic: str) -> Mapping[tuple[UUID, MessageChannel], bool]:
    """Return what users said of a topic by channel; who said nothing is not in it."""
    query = sa.select(Preference).where(
        Preference.owner_id.in_(list(user_ids)), Preference.topic.in_((topic, EVERYTHING))
    )
    found: dict[tuple[UUID, MessageChannel], bool] = {}
    # The narrower one comes last and counts.
    for each in sorted(uow.session.scalars(query), key=lambda each: each.topic != EVERYTHING):
        assert each.owner_id is not None, "a preference has an owner"
        found[each.owner_id, each.channel] = each.wanted
    return found


def active(uow: UnitOfWork, ids: Iterable[UUID]) -> Sequence[Colleague]:
    """Return the users of these ids who may sign in."""
    query = sa.select(Colleague).where(Colleague.id.in_(list(ids)), Colleague.active.is_(True))
    return uow.session.scalars(query.order_by(Colleague.id)).all()


def members(uow: UnitOfWork, group_ids: Iterable[UUID]) -> set[UUID]:
    """Return who is in one of these groups."""
    query = sa.select(ColleagueGroup.user_id).where(ColleagueGroup.group_id.in_(list(group_ids)))
    return set(uow.session.scalars(query))


def supervisors(uow: UnitOfWork, group_ids: Iterable[UUID]) -> set[UUID]:
    """Return who supervises these groups: holders of that role in the group, or else in the nearest one above."""
    found: set[UUID] = set()
    for group_id in group_ids:
        above: UUID | None = group_id
        for _ in range(_DEEPEST):
            if above is None:
                break
            here = _supervisors_in(uow, above)
            if here:
                found |= here
                break
            group = uow.session.get(KnownGroup, above)
            above = group.parent_id if group else None
    return found


def _supervisors_in(uow: UnitOfWork, group_id: UUID) -> set[UUID]:
    roles = {str(each) for each in uow.session.scalars(sa.select(KnownRole.id).where(KnownRole.name == SUPERVISOR))}
    group = uow.session.get(KnownGroup, group_id)
    inside = members(uow, [group_id])
    if group is not None and roles & set(group.role_ids):
        return inside
    return {each.id for each in active(uow, inside) if roles & set(each.role_ids)}


def noticed(uow: UnitOfWork, event_id: UUID) -> set[tuple[UUID | None, MessageChannel]]:
    """Return who was told of an event already, by which channel."""
    query = sa.select(Message.owner_id, Message.channel).where(Message.source_event == event_id)
    return {(row.owner_id, row.channel) for row in uow.session.execute(query)}


def keep_user(uow: UnitOfWork, card: Mapping[str, Any], group_ids: Iterable[UUID]) -> None:
    """Remember a user's card and groups."""
    uow.session.merge(Colleague(**card))
    uow.session.flush()
    uow.session.execute(sa.delete(ColleagueGroup).where(ColleagueGroup.user_id == card["id"]))
    for group_id in set(group_ids):
        uow.session.add(ColleagueGroup(user_id=card["id"], group_id=group_id))


def keep_group(uow: UnitOfWork, card: Mapping[str, Any], *, removed: bool) -> None:
    """Remember a group, or forget it."""
    if removed:
        uow.session.execute(sa.delete(KnownGroup).where(KnownGroup.id == card["id"]))
    else:
        uow.session.merge(KnownGroup(**card))


def keep_role(uow: UnitOfWork, role_id: UUID, name: str, *, removed: bool) -> None:
    """Remember a role's name, or forget it."""
    if removed:
        uow.session.execute(sa.delete(KnownRole).where(KnownRole.id == role_id))
    else:
        uow.session.merge(KnownRole(id=role_id, name=name))
