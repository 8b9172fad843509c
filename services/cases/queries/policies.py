"""Questions about SLA policies and their terms."""

from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from chassis.db.filters import filters_for
from chassis.db.paging import Page, PageRequest
from chassis.unit_of_work import UnitOfWork
from services.cases.domain.sla_policy import PolicyVersion, SlaPolicy
from services.cases.domain.sla_terms import Terms

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


def defaults_besides(uow: UnitOfWork, policy_id: UUID) -> list[SlaPolicy]:
    """Return the default policy, unless it is this one."""
    return list(
        uow.session.scalars(sa.select(SlaPolicy).where(SlaPolicy.is_default.is_(True), SlaPolicy.id != policy_id))
    )
