"""Questions about companies."""

from uuid import UUID

import sqlalchemy as sa

from chassis.db.filters import filters_for, where
from chassis.db.paging import Page, PageRequest
from chassis.fields import Id, Slug
from chassis.unit_of_work import UnitOfWork
from chassis.views import Seen, View
from services.contacts.domain.company import Company
from services.contacts.domain.interest import ContactInterest
from services.contacts.queries import duplicates
from services.contacts.queries.json_lists import holds
from services.contacts.queries.recency import days_since_contact

COMPANY_FILTERS = filters_for(
    Company,
    link=where(Slug, lambda slug: holds(Company.links, slug)),
    days_since_contact=days_since_contact(Company),
    interest_id=where(
        Id,
        lambda interest_id: Company.id.in_(
            sa.select(ContactInterest.contact_id).where(ContactInterest.interest_id == interest_id)
        ),
    ),
)


COMPANIES = View(Company)


def company(uow: UnitOfWork, company_id: UUID) -> Seen:
    """Return a company. Raises ``NotFound``."""
    return COMPANIES.one(uow, company_id)


def companies(uow: UnitOfWork, page: PageRequest) -> Page[Seen]:
    """Return a page of companies."""
    return COMPANIES.page(uow, page)


def duplicates_of_company(uow: UnitOfWork, company_id: UUID) -> list[dict[str, object]]:
    """Return which may be the same company, as far as the caller may see them. Raises ``NotFound``."""
    keys = uow.get(Company, company_id).match_keys([])
    matches = duplicates.duplicates_of(uow, keys, contact_id=company_id)
    return duplicates.described(uow, Company.kind, matches)
