"""How contacts belong together, seen from one of them."""

from collections.abc import Iterable, Sequence
from uuid import UUID

import sqlalchemy as sa

from chassis.errors import NotFound
from chassis.unit_of_work import UnitOfWork
from contracts.contacts import ContactKind
from services.contacts.domain.company import Company
from services.contacts.domain.contact_kinds import CLASS_OF, reading
from services.contacts.domain.person import Person
from services.contacts.domain.relation import Relation
from services.contacts.domain.relation_type import RelationType
from services.contacts.domain.relation_view import RelationView
from services.contacts.queries.names import names_of

MOST = 500


def relations_of(
    uow: UnitOfWork, kind: ContactKind, contact_id: UUID, *, ended: bool = True, limit: int = MOST
) -> list[RelationView]:
    """Return a contact's relations as seen from it, those that last first, then the latest.

    Informal ones are left out for callers who may not know of them; a contact on the other side that the caller
    may not see has no name. Raises ``NotFound`` for a contact out of reach.
    """
    uow.get(CLASS_OF[kind], contact_id, permission=reading(kind))
    query = (
        sa.select(Relation, RelationType)
        .join(RelationType, RelationType.id == Relation.type_id)
        .where(sa.or_(Relation.from_id == contact_id, Relation.to_id == contact_id))
        .order_by(Relation.ends_on.is_not(None), Relation.id.desc())
        .limit(limit)
    )
    if not ended:
        query = query.where(Relation.ends_on.is_(None))
    if not uow.may("informal-relations:read"):
        query = query.where(Relation.formal.is_(True))
    rows = uow.session.execute(query).all()
    names = _names(uow, contact_id, [relation for relation, _ in rows])
    return [_seen_from(uow, contact_id, relation, relation_type, names) for relation, relation_type in rows]


def kind_of(uow: UnitOfWork, contact_id: UUID) -> ContactKind | None:
    """Return whether an id names a person or a company, or ``None`` where it names neither."""
    found = sa.union_all(
        sa.select(sa.literal(ContactKind.PERSON.value)).where(Person.id == contact_id),
        sa.select(sa.literal(ContactKind.COMPANY.value)).where(Company.id == contact_id),
    )
    kind = uow.session.scalar(found)
    return None if kind is None else ContactKind(kind)


def lasting_twin(uow: UnitOfWork, relation: Relation) -> bool:
    """Whether the pair already has a lasting relation of that type, in either order where it has no direction."""
    sides = (relation.from_id, relation.to_id)
    alike = sa.and_(Relation.from_id == sides[0], Relation.to_id == sides[1])
    turned = sa.and_(RelationType.symmetric.is_(True), Relation.from_id == sides[1], Relation.to_id == sides[0])
    twin = (
        sa.select(Relation.id)
        .join(RelationType, RelationType.id == Relation.type_id)
        .where(Relation.type_id == relation.type_id, Relation.ends_on.is_(None), sa.or_(alike, turned))
    )
    return uow.session.scalar(twin.limit(1)) is not None


def check_visible(uow: UnitOfWork, relation: Relation) -> None:
    """Raise ``NotFound`` unless the caller sees at least one side of the relation."""
    if not _names(uow, None, [relation]):
        raise NotFound(resource="relations", id=str(relation.id))


def seen_from(uow: UnitOfWork, contact_id: UUID, relation: Relation) -> RelationView:
    """Return one relation as it is seen from a contact."""
    relation_type = uow.session.get_one(RelationType, relation.type_id)
    return _seen_from(uow, contact_id, relation, relation_type, _names(uow, contact_id, [relation]))


def _names(uow: UnitOfWork, besides: UUID | None, relations: Sequence[Relation]) -> dict[UUID, str]:
    sides = {
        side
        for relation in relations
        for side in ((relation.from_id, relation.from_kind), (relation.to_id, relation.to_kind))
        if side[0] != besides
    }
    people, companies = _ids(sides, ContactKind.PERSON), _ids(sides, ContactKind.COMPANY)
    return names_of(uow, ContactKind.PERSON, people) | names_of(uow, ContactKind.COMPANY, companies)


def _ids(sides: Iterable[tuple[UUID, ContactKind]], kind: ContactKind) -> list[UUID]:
    return [id_ for id_, side_kind in sides if side_kind is kind]


def _seen_from(
    uow: UnitOfWork, contact_id: UUID, relation: Relation, kind: RelationType, names: dict[UUID, str]
) -> RelationView:
    # "Ana is manager of Luis": Ana's page shows Luis under the name, Luis's page shows Ana under the inverse.
    inverse = relation.to_id == contact_id
    other_id = relation.from_id if inverse else relation.to_id
    called = kind.inverse_name if inverse else kind.name
    return RelationView(
        id=relation.id,
        version=relation.version,
        type_id=relation.type_id,
        type=relation.slug,
        name=called.in_(uow.call.locale),
        formal=relation.formal,
        inverse=inverse and not kind.symmetric,
        other_id=other_id,
        other_kind=relation.from_kind if inverse else relation.to_kind,
        other_name=names.get(other_id),
        hidden=other_id not in names,
        starts_on=relation.starts_on,
        ends_on=relation.ends_on,
        notes=relation.notes,
    )
