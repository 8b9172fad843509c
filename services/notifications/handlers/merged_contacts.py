"""Contacts that were merged: messages to them, and conditions that name them, mean the one that is left."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from chassis import following
from chassis.db.alias_tables import renamed_references
from chassis.reactions import on
from chassis.unit_of_work import UnitOfWork
from contracts.contacts import ContactMerged, ContactUnmerged
from contracts.notifications import ContactMergeFollowed
from services.notifications.domain.notification_rule import NotificationRule
from services.notifications.domain.webhook import Webhook


@on(ContactMerged)
def follow_merge(uow: UnitOfWork, event: ContactMerged) -> None:
    """What names a contact that was merged names the one that is left; nobody is told but contacts."""
    done = following.follow(uow, event.merge_id, event.absorbed_ids, event.survivor_id)
    done.moved.update(_widen(uow, event))
    said = ContactMergeFollowed(**done.facts(event.merge_id))
    uow.tell(said, resource=following.RESOURCE, id_=event.merge_id)


@on(ContactUnmerged)
def follow_unmerge(uow: UnitOfWork, event: ContactUnmerged) -> None:
    """What named a contact before it was merged names it again."""
    done = following.unfollow(uow, event.merge_id, event.absorbed_ids)
    done.moved.update(_narrow(uow, event))
    said = ContactMergeFollowed(**done.facts(event.merge_id, undone=True))
    uow.tell(said, resource=following.RESOURCE, id_=event.merge_id)


def _widen(uow: UnitOfWork, event: ContactMerged) -> Iterator[str]:
    """Have conditions that ask for a merged contact ask for the one that is left too; yield whose they are.

    Events name the one that is left from now on; those under way still name the other.
    """
    memory, survivor = renamed_references(uow.metadata), str(event.survivor_id)
    for record, id_ in _conditional(uow, event):
        widened = [each.naming(str(id_), survivor) for each in record.filters]
        if widened != record.filters:
            record.filters = widened
            uow.session.execute(sa.insert(memory).values(**_key(record, id_), named_id=id_))
            yield record.resource


def _narrow(uow: UnitOfWork, event: ContactUnmerged) -> Iterator[str]:
    """Have conditions that were widened ask for what they asked for before; yield whose they are."""
    memory, survivor = renamed_references(uow.metadata), str(event.survivor_id)
    for record, id_ in _conditional(uow, event):
        widened = sa.and_(*(memory.c[name] == value for name, value in _key(record, id_).items()))
        if uow.session.scalar(sa.select(memory.c.named_id).where(widened)):
            record.filters = [each.naming_no_more(survivor, str(id_)) for each in record.filters]
            uow.session.execute(sa.delete(memory).where(widened))
            yield record.resource


def _conditional(
    uow: UnitOfWork, event: ContactMerged | ContactUnmerged
) -> Iterator[tuple[NotificationRule | Webhook, UUID]]:
    records = (*uow.session.scalars(sa.select(NotificationRule)), *uow.session.scalars(sa.select(Webhook)))
    for record in records:
        if record.filters:
            yield from ((record, id_) for id_ in event.absorbed_ids)


def _key(record: NotificationRule | Webhook, id_: UUID) -> dict[str, Any]:
    return {"table_name": record.__tablename__, "column_name": f"filters {id_}", "row_id": record.id}
