"""Who works where."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from chassis.db.filters import filters_for
from chassis.db.paging import Page, PageRequest
from chassis.unit_of_work import UnitOfWork
from contracts.contacts import ContactKind
from services.contacts.domain.company import Company
from services.contacts.domain.employment import Employment, EmploymentCard
from services.contacts.domain.person import Person
from services.contacts.queries.names import names_of

EMPLOYMENT_FILTERS = filters_for(Employment)


def cards_query() -> "sa.Select[Any]":
    """Return the query for where people work and worked: what lasts first, the primary one next, then the latest."""
    own = (
        getattr(Employment, name)
        for name in ("id", "company_id", "role", "department", "primary", "starts_on", "ends_on")
    )
    return (
        sa.select(*own, Company.display_name.label("company_name"))
        .join(Company, Company.id == Employment.company_id)
        .order_by(Employment.ends_on.is_not(None), Employment.primary.desc(), Employment.id.desc())
    )


def cards_of(uow: UnitOfWork, person_id: UUID) -> list[EmploymentCard]:
    """Return where a person works and worked."""
    rows = uow.session.execute(cards_query().where(Employment.person_id == person_id)).mappings()
    return [EmploymentCard(**row) for row in rows]


def companies_of(uow: UnitOfWork, person_id: UUID) -> list[UUID]:
    """Return the companies a person works or worked for."""
    return list(
        uow.session.scalars(sa.select(Employment.company_id).where(Employment.person_id == person_id).distinct())
    )


def lasting_twin(uow: UnitOfWork, employment: Employment) -> bool:
    """Whether the person already works for that company in that role."""
    return bool(
        uow.session.scalar(
            sa.select(
                sa.exists().where(
                    Employment.person_id == employment.person_id,
                    Employment.company_id == employment.company_id,
                    Employment.role.is_not_distinct_from(employment.role),
                    Employment.ends_on.is_(None),
                    Employment.id != employment.id,
                )
            )
        )
    )


def other_primaries(uow: UnitOfWork, employment: Employment) -> list[Employment]:
    """Return the person's other employments that are marked as the primary one."""
    return list(
        uow.session.scalars(
            sa.select(Employment).where(
                Employment.person_id == employment.person_id,
                Employment.primary.is_(True),
                Employment.id != employment.id,
            )
        )
    )


def employment(uow: UnitOfWork, employment_id: UUID) -> Employment:
    """Return an employment with the names of both sides. Raises ``NotFound`` where the person is out of reach."""
    found = uow.get(Employment, employment_id)
    uow.get(Person, found.person_id)
    return named(uow, [found])[0]


def employments(uow: UnitOfWork, page: PageRequest) -> Page[Employment]:
    """Return a page of employments of people whom the caller may see."""
    visible = uow.scoped(sa.select(Person.id), Person)
    found = page.apply(sa.select(Employment).where(Employment.person_id.in_(visible)), uow.session)
    named(uow, found.items)
    return found


def named(uow: UnitOfWork, found: Sequence[Employment]) -> Sequence[Employment]:
    """Give employments the names of the person and the company, for the answer."""
    if found:
        people = names_of(uow, ContactKind.PERSON, (each.person_id for each in found), hidden=True)
        companies = names_of(uow, ContactKind.COMPANY, (each.company_id for each in found), hidden=True)
        for each in found:
            each.naming(people.get(each.person_id, ""), companies.get(each.company_id, ""))
    return found
