"""Questions about SLA policies and their terms."""

from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from chassis.db.filters import filters_for
from chassis.db.paging import Page, PageRequest
from chassis.unit_of_work import UnitOfWork
from services.cases.domain.case import Case
from services.cases.domain.sla_policy import PolicyVersion, SlaPolicy
from services.cases.domain.sla_terms import Terms
from services.cases.domain.workflow import Category

POLICY_FILTERS = filters_for(SlaPolicy, default_sort=("position",))
_MOST_KEPT: Final = 500
# By version, which never changes.
_terms: dict[UUID, Terms] = {}


def terms_of(uow: UnitOfWork, version_id: UUID) -> Terms:
    """Return the terms of a policy's version."""
    known = _terms.get(version_id)
    if known is None:
        known = uow.session.get_one(PolicyVersion, version_id).terms
        while len(_terms) >= _MOST_KEPT:
            _terms.pop(next(iter(_terms)))
        _terms[version_id] = known
    return known


def policies(uow: UnitOfWork, page: PageRequest) -> Page[Any]:
    """Return a page of policies."""
    return page.apply(sa.select(SlaPolicy), uow.session)


def kept(uow: UnitOfWork, policy_id: UUID) -> SlaPolicy | None:
    """Return a policy, unless it was deleted; whoever wants to change it waits."""
    return uow.session.scalars(sa.select(SlaPolicy).where(SlaPolicy.id == policy_id).with_for_update()).one_or_none()


def open_cases(uow: UnitOfWork, policy_id: UUID | None, after: UUID | None, limit: int) -> list[UUID]:
    """Return the next cases that somebody works on: those of a policy, or all of them."""
    query = sa.select(Case.id).where(Case.category.in_([Category.OPEN, Category.WAITING])).order_by(Case.id)
    if policy_id is not None:
        query = query.where(Case.policy_id == policy_id)
    if after is not None:
        query = query.where(Case.id > after)
    return list(uow.session.scalars(query.limit(limit)))


def defaults_besides(uow: UnitOfWork, policy_id: UUID) -> list[SlaPolicy]:
    """Return the default policy, unless it is this one."""
    return list(
        uow.session.scalars(sa.select(SlaPolicy).where(SlaPolicy.is_default.is_(True), SlaPolicy.id != policy_id))
    )
