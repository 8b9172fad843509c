"""Questions about the versions of case types, and about what a change of a type would come to."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from chassis.unit_of_work import UnitOfWork
from services.cases.domain.case import Case
from services.cases.domain.case_type import CaseType, EffectiveType, effective
from services.cases.domain.type_version import (
    AffectedType,
    OverridingType,
    TypePreview,
    TypeVersion,
    TypeVersionCard,
    differing,
    overridden,
)
from services.cases.domain.workflow import Category
from services.cases.errors import UnknownReference
from services.cases.queries import rules

_OPEN: Final = Case.category.in_([Category.OPEN, Category.WAITING])
_MOST_KEPT: Final = 500
# By type and number. A version never changes.
_holds: dict[tuple[UUID, int], EffectiveType] = {}


def of_case(uow: UnitOfWork, case: Case) -> EffectiveType:
    """Return what holds for a case by the version of its type that it keeps to."""
    if case.type_id is None or case.type_version is None:
        return rules.current(uow).effective(case.type_id)
    key = case.type_id, case.type_version
    known = _holds.get(key)
    if known is None:
        query = sa.select(TypeVersion).where(TypeVersion.type_id == key[0], TypeVersion.number == key[1])
        known = uow.session.scalars(query).one().holds
        while len(_holds) >= _MOST_KEPT:
            _holds.pop(next(iter(_holds)))
        _holds[key] = known
    return known


def latest(uow: UnitOfWork, type_id: UUID) -> TypeVersion | None:
    """Return the version of a type that cases are born by."""
    query = sa.select(TypeVersion).where(TypeVersion.type_id == type_id).order_by(TypeVersion.number.desc())
    return uow.session.scalars(query.limit(1)).first()


def versions(uow: UnitOfWork, type_id: UUID) -> list[TypeVersionCard]:
    """Return the versions of a type, the latest first. Raises ``NotFound``."""
    uow.get(CaseType, type_id)
    query = sa.select(TypeVersion).where(TypeVersion.type_id == type_id).order_by(TypeVersion.number.desc())
    kept = sa.select(Case.type_version, sa.func.count()).where(Case.type_id == type_id, _OPEN)
    counts = {row[0]: row[1] for row in uow.session.execute(kept.group_by(Case.type_version))}
    return [
        TypeVersionCard(
            number=each.number,
            valid_from=each.valid_from,
            made_by=each.made_by,
            holds=each.holds,
            open_cases=counts.get(each.number, 0),
        )
        for each in uow.session.scalars(query)
    ]


def preview(uow: UnitOfWork, type_id: UUID, changes: Mapping[str, Any]) -> TypePreview:
    """Return what a change would come to, without making it. Raises ``NotFound``, ``UnknownReference``."""
    uow.get(CaseType, type_id)
    known = dict(rules.current(uow).types)
    changed = _changed(known, known[type_id], changes)
    below = _below(known, type_id)
    counts = open_cases(uow, [type_id, *(each.id for each in below)])
    affected = []
    for each in (known[type_id], *below):
        after = effective(_chain(known, each, changed))
        if attributes := differing(effective(_chain(known, each)), after):
            affected.append(
                AffectedType(
                    type_id=each.id,
                    slug=each.slug,
                    name=each.name,
                    attributes=attributes,
                    open_cases=counts.get(each.id, 0),
                )
            )
    above = {each.name: each for each in effective(_chain(known, changed, changed)).fields}
    return TypePreview(
        open_cases=sum(each.open_cases for each in affected),
        affected=affected,
        overriding=[card for each in below if (card := overriding(each, above, list(changes)))],
    )


def overriding(found: CaseType, above: Mapping[str, object], attributes: Sequence[str]) -> OverridingType | None:
    """Return what a type says itself of these attributes; none where it says nothing."""
    own = overridden(found, above, attributes)
    return OverridingType(type_id=found.id, slug=found.slug, name=found.name, attributes=own) if own else None


def open_cases(uow: UnitOfWork, type_ids: Sequence[UUID]) -> dict[UUID, int]:
    """Return how many open cases types have."""
    query = sa.select(Case.type_id, sa.func.count()).where(Case.type_id.in_(type_ids), _OPEN).group_by(Case.type_id)
    return {type_id: count for type_id, count in uow.session.execute(query) if type_id is not None}


def next_cases(uow: UnitOfWork, type_ids: Sequence[UUID], after: UUID | None, limit: int) -> list[UUID]:
    """Return the next open cases of types."""
    query = sa.select(Case.id).where(Case.type_id.in_(type_ids), _OPEN).order_by(Case.id).limit(limit)
    return list(uow.session.scalars(query if after is None else query.where(Case.id > after)))


def held(uow: UnitOfWork, case_ids: Sequence[UUID]) -> Sequence[Case]:
    """Return cases; whoever wants to change one of them waits."""
    query = sa.select(Case).where(Case.id.in_(case_ids)).order_by(Case.id).with_for_update()
    return uow.session.scalars(query).all()


def _changed(known: Mapping[UUID, CaseType], found: CaseType, changes: Mapping[str, Any]) -> CaseType:
    """Return a copy that belongs to no session, with the changes made."""
    kept = ("id", "slug", "name", "parent_id", "active", "tasks", "fields", "ancestor_ids")
    names = (*kept, "kind", "priority", "responsible_id", "resolver_id", "group_id", "workflow_id", "sla_policy_id")
    copy = CaseType(**{name: getattr(found, name) for name in (*names, "survey")})
    copy.apply(changes)
    if copy.parent_id != found.parent_id:
        parent = None if copy.parent_id is None else known.get(copy.parent_id)
        if copy.parent_id is not None and (parent is None or found.id in {parent.id, *parent.ancestor_ids}):
            raise UnknownReference("parent_id")
        copy.ancestor_ids = [*parent.ancestor_ids, parent.id] if parent else []
    return copy


def _below(known: Mapping[UUID, CaseType], type_id: UUID) -> list[CaseType]:
    return [each for each in known.values() if type_id in each.ancestor_ids]


def _chain(known: Mapping[UUID, CaseType], found: CaseType, changed: CaseType | None = None) -> list[CaseType]:
    """Return a type and those above it, from the root down; with ``changed`` in the place of the type that it is."""
    path = [*found.ancestor_ids, found.id]
    if changed is None or changed.id not in path:
        return [known[id_] for id_ in path]
    down = path[path.index(changed.id) + 1 :]
    return [*(known[id_] for id_ in changed.ancestor_ids), changed, *(known[id_] for id_ in down)]
