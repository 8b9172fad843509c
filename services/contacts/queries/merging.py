"""Questions that a merge asks: who is to be merged, what names them, and which merges there were."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from chassis import aliases
from chassis.unit_of_work import UnitOfWork
from contracts.contacts import ContactKind
from services.contacts.domain.company import Company
from services.contacts.domain.contact_kinds import CLASS_OF, reading
from services.contacts.domain.employment import Employment
from services.contacts.domain.interaction import Interaction
from services.contacts.domain.interest import ContactInterest
from services.contacts.domain.match_key import MatchKey
from services.contacts.domain.merge import ContactMerge
from services.contacts.domain.person import Person
from services.contacts.domain.relation import Relation
from services.contacts.domain.relation_type import RelationType

SHOWN = 100


def lock(uow: UnitOfWork, model: type[Person] | type[Company], ids: Sequence[UUID]) -> None:
    """Have others who merge, change or name one of these contacts wait; in one order, so that none waits for ever."""
    uow.session.execute(sa.select(model.id).where(model.id.in_(ids)).order_by(model.id).with_for_update())


def relations_among(uow: UnitOfWork, ids: Sequence[UUID]) -> list[Relation]:
    """Return the relations of these contacts, those of the first contact first."""
    mine = sa.or_(Relation.from_id.in_(ids), Relation.to_id.in_(ids))
    found = uow.session.scalars(sa.select(Relation).where(mine).order_by(Relation.id)).all()
    return sorted(found, key=lambda row: min(_place(ids, row.from_id), _place(ids, row.to_id)))


def symmetric_types(uow: UnitOfWork) -> set[UUID]:
    """Return the relation types that have no direction."""
    return set(uow.session.scalars(sa.select(RelationType.id).where(RelationType.symmetric.is_(True))))


def employments_among(uow: UnitOfWork, ids: Sequence[UUID]) -> list[Employment]:
    """Return who of these works where, or who works for them, those of the first contact first."""
    mine = sa.or_(Employment.person_id.in_(ids), Employment.company_id.in_(ids))
    found = uow.session.scalars(sa.select(Employment).where(mine).order_by(Employment.id)).all()
    return sorted(found, key=lambda row: min(_place(ids, row.person_id), _place(ids, row.company_id)))


def interests_among(uow: UnitOfWork, ids: Sequence[UUID]) -> list[ContactInterest]:
    """Return what these contacts are interested in, those of the first contact first."""
    found = uow.session.scalars(sa.select(ContactInterest).where(ContactInterest.contact_id.in_(ids)))
    return sorted(found.all(), key=lambda row: _place(ids, row.contact_id))


def rename_company(uow: UnitOfWork, old: UUID, new: UUID) -> None:
    """Have those who work for ``new`` by now be recognised by it, and by ``old`` only if they work there too."""
    before, after = f"p:name-company:{old}:", f"p:name-company:{new}:"
    mine = sa.and_(MatchKey.key.startswith(before), MatchKey.contact_id.in_(_staff(new)))
    renamed = sa.literal(after) + sa.func.substr(MatchKey.key, len(before) + 1)
    twin = sa.orm.aliased(MatchKey)
    taken = sa.exists().where(twin.contact_id == MatchKey.contact_id, twin.key == renamed)
    rows = sa.select(renamed, MatchKey.contact_id, MatchKey.detail).where(mine, ~taken)
    uow.session.execute(sa.insert(MatchKey).from_select(["key", "contact_id", "detail"], rows))
    leftover = sa.delete(MatchKey).where(mine, MatchKey.contact_id.not_in(_staff(old)))
    uow.session.execute(leftover.execution_options(synchronize_session=False))


def last_contact(uow: UnitOfWork, contact_id: UUID) -> Any:
    """Return the day on which a contact last took part in an interaction, or None."""
    mine = sa.or_(Interaction.person_id == contact_id, Interaction.company_id == contact_id)
    at = uow.session.scalar(sa.select(sa.func.max(Interaction.occurred_at)).where(mine, Interaction.real.is_(True)))
    return at and at.date()


def merges_of(uow: UnitOfWork, kind: ContactKind, contact_id: UUID) -> Sequence[ContactMerge]:
    """Return the merges that a contact came of, the latest first. Raises ``NotFound`` for a contact out of reach."""
    uow.get(CLASS_OF[kind], contact_id, permission=reading(kind))
    family = aliases.family_of(uow.session, uow.metadata, contact_id)
    query = sa.select(ContactMerge).where(ContactMerge.survivor_id.in_(family))
    return uow.session.scalars(query.order_by(ContactMerge.id.desc()).limit(SHOWN)).all()


def undoable(uow: UnitOfWork, kind: ContactKind, contact_id: UUID) -> ContactMerge | None:
    """Return the latest merge of a contact that lasts: the one that took it in, or else one by which it took others."""
    lasting = sa.select(ContactMerge).where(ContactMerge.kind == kind, ContactMerge.undone_at.is_(None))
    latest = lasting.order_by(ContactMerge.id.desc())
    into = aliases.canonical_of(uow.session, uow.metadata, [contact_id]).get(contact_id)
    if into is None:
        return uow.session.scalars(latest.where(ContactMerge.survivor_id == contact_id).limit(1)).first()
    family = aliases.family_of(uow.session, uow.metadata, into)
    found = uow.session.scalars(latest.where(ContactMerge.survivor_id.in_(family)))
    return next((merge for merge in found if contact_id in merge.absorbed_ids), None)


def _staff(company_id: UUID) -> "sa.Select[Any]":
    return sa.select(Employment.person_id).where(Employment.company_id == company_id)


def _place(ids: Sequence[UUID], id_: UUID) -> int:
    return ids.index(id_) if id_ in ids else len(ids)
