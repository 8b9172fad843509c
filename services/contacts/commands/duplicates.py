"""Saying that two contacts that look alike are two."""

from uuid import UUID

from chassis.clock import utc_now
from chassis.errors import NotFound
from chassis.unit_of_work import UnitOfWork
from services.contacts.domain.contact_kinds import CLASS_OF, writing
from services.contacts.domain.dismissal import Dismissal, pair
from services.contacts.errors import RelatedToItself
from services.contacts.queries import relations


def dismiss_duplicates(uow: UnitOfWork, *, contact_id: UUID, other_id: UUID) -> None:
    """Keep a pair from being shown as duplicates until one of the compared fields changes.

    May be repeated. Raises ``NotFound`` unless the caller may change both, ``RelatedToItself`` for one and the same.
    """
    if contact_id == other_id:
        raise RelatedToItself
    for id_ in (contact_id, other_id):
        kind = relations.kind_of(uow, id_)
        if kind is None:
            raise NotFound(id=str(id_))
        uow.get(CLASS_OF[kind], id_, permission=writing(kind))
    low, high = pair(contact_id, other_id)
    uow.session.merge(Dismissal(low_id=low, high_id=high, dismissed_at=utc_now(), dismissed_by=uow.actor.user_id))
