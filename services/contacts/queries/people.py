"""Questions about people."""

from uuid import UUID

import sqlalchemy as sa

from chassis.db.filters import filters_for, where
from chassis.db.nested import nested
from chassis.db.paging import Page, PageRequest
from chassis.fields import AliasedId, Email, Id, Phone, Slug
from chassis.unit_of_work import UnitOfWork
from chassis.views import Seen, View
from services.contacts.domain.employment import Employment, EmploymentCard
from services.contacts.domain.interest import ContactInterest
from services.contacts.domain.mailbox import normal_address
from services.contacts.domain.person import Person
from services.contacts.queries import duplicates
from services.contacts.queries.duplicates import has_key
from services.contacts.queries.employments import cards_query, companies_of
from services.contacts.queries.json_lists import holds
from services.contacts.queries.recency import days_since_contact

PERSON_FILTERS = filters_for(
    Person,
    email=where(Email, lambda address: has_key(Person.id, f"p:email:{normal_address(address)}")),
    phone=where(Phone, lambda number: has_key(Person.id, f"p:mobile:{number}")),
    link=where(Slug, lambda slug: holds(Person.links, slug)),
    days_since_contact=days_since_contact(Person),
    company_id=where(
        AliasedId,
        lambda company_id: Person.id.in_(
            sa.select(Employment.person_id).where(Employment.company_id == company_id, Employment.ends_on.is_(None))
        ),
    ),
    interest_id=where(
        Id,
        lambda interest_id: Person.id.in_(
            sa.select(ContactInterest.contact_id).where(ContactInterest.interest_id == interest_id)
        ),
    ),
)


PEOPLE = View(
    Person, employments=nested(EmploymentCard, cards_query().where(Employment.person_id == Person.id), of=Person)
)


def person(uow: UnitOfWork, person_id: UUID) -> Seen:
    """Return a person with where they work. Raises ``NotFound``."""
    return PEOPLE.one(uow, person_id)


def people(uow: UnitOfWork, page: PageRequest) -> Page[Seen]:
    """Return a page of people with where they work."""
    return PEOPLE.page(uow, page)


def duplicates_of_person(uow: UnitOfWork, person_id: UUID) -> list[dict[str, object]]:
    """Return who may be the same person, as far as the caller may see them. Raises ``NotFound``."""
    found = uow.get(Person, person_id)
    keys = found.match_keys(companies_of(uow, person_id))
    matches = duplicates.duplicates_of(uow, keys, contact_id=person_id)
    return duplicates.described(uow, Person.kind, matches)
