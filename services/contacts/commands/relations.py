"""Everything a user can do about how contacts belong together."""

from datetime import date
from typing import Any
from uuid import UUID

from chassis.clock import utc_now
from chassis.errors import NotFound
from chassis.unit_of_work import UnitOfWork
from contracts.contacts import ContactKind
from services.contacts.domain.contact_kinds import CLASS_OF, reading
from services.contacts.domain.relation import Relation
from services.contacts.domain.relation_view import RelationView
from services.contacts.errors import RelationExists
from services.contacts.queries import catalogue, relations

INFORMAL = "informal-relations"


def add_relation(
    uow: UnitOfWork,
    kind: ContactKind,
    contact_id: UUID,
    *,
    type_id: UUID,
    other_id: UUID,
    inverse: bool = False,
    **attributes: Any,
) -> RelationView:
    """Relate a contact with another: the contact is ``name`` of the other, or with ``inverse`` the other of it.

    Raises ``NotFound`` for contacts the caller may not see, ``RelatedToItself``, ``RelationJoinsOthers`` and
    ``RelationExists``.
    """
    uow.get(CLASS_OF[kind], contact_id, permission=reading(kind))
    relation_type = catalogue.active_relation_type(uow, type_id)
    if not relation_type.formal:
        check_informal(uow, "write")
    other_kind = relations.kind_of(uow, other_id)
    if other_kind is None:
        raise NotFound(id=str(other_id))
    uow.get(CLASS_OF[other_kind], other_id, permission=reading(other_kind))
    near, far = (contact_id, kind), (other_id, other_kind)
    (from_id, from_kind), (to_id, to_kind) = (far, near) if inverse else (near, far)
    relation = Relation(
        type_id=type_id, from_id=from_id, from_kind=from_kind, to_id=to_id, to_kind=to_kind, **attributes
    )
    relation.add(relation_type)
    if relations.lasting_twin(uow, relation):
        raise RelationExists(type_id=str(type_id), from_id=str(relation.from_id), to_id=str(relation.to_id))
    uow.add(relation)
    return relations.seen_from(uow, contact_id, relation)


def end_relation(uow: UnitOfWork, relation_id: UUID, *, ends_on: date | None = None) -> Relation:
    """End a relation, today (UTC) unless ``ends_on`` says when. Raises ``RelationHasEnded``, ``EndsBeforeItStarts``."""
    relation = uow.change(Relation, relation_id)
    if not relation.formal:
        check_informal(uow, "write")
    relations.check_visible(uow, relation)
    relation.end(ends_on or utc_now().date())
    return relation


def check_informal(uow: UnitOfWork, action: str) -> None:
    """Raise ``NotFound`` unless the caller may know of informal relations at all."""
    if not uow.may(f"{INFORMAL}:{action}"):
        raise NotFound(resource="relations")
