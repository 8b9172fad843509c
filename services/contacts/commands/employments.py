"""Everything a user can do about who works where. It needs the right to change the person."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from chassis.clock import utc_now
from chassis.unit_of_work import UnitOfWork
from services.contacts.commands import contacts
from services.contacts.domain.company import Company
from services.contacts.domain.employment import Employment
from services.contacts.domain.person import Person
from services.contacts.errors import AlreadyEmployed
from services.contacts.queries import employments


def start_employment(uow: UnitOfWork, *, person_id: UUID, company_id: UUID, **attributes: Any) -> Employment:
    """Have a person work for a company. Raises ``NotFound``, ``AlreadyEmployed``, ``EndsBeforeItStarts``."""
    person = uow.get(Person, person_id)
    uow.get(Company, company_id, permission="companies:read")
    employment = Employment(person_id=person_id, company_id=company_id, **attributes)
    if employment.ends_on is None and employments.lasting_twin(uow, employment):
        raise AlreadyEmployed(person_id=str(person_id), company_id=str(company_id))
    employment.start()
    uow.add(employment)
    uow.flush()
    _one_primary(uow, employment)
    contacts.recognise(uow, person)
    return employments.named(uow, [employment])[0]


def change_employment(uow: UnitOfWork, employment_id: UUID, changes: Mapping[str, Any]) -> Employment:
    """Change role, department or dates. Raises ``VersionConflict``, ``EndsBeforeItStarts``, ``AlreadyEmployed``."""
    employment = _changing(uow, employment_id)
    employment.change(changes)
    if employment.ends_on is None and employments.lasting_twin(uow, employment):
        raise AlreadyEmployed(person_id=str(employment.person_id), company_id=str(employment.company_id))
    _one_primary(uow, employment)
    return employments.named(uow, [employment])[0]


def end_employment(uow: UnitOfWork, employment_id: UUID) -> Employment:
    """End an employment today (UTC), unless it has ended; it stays as history."""
    employment = _changing(uow, employment_id)
    employment.end(utc_now().date())
    return employments.named(uow, [employment])[0]


def _changing(uow: UnitOfWork, employment_id: UUID) -> Employment:
    employment = uow.change(Employment, employment_id)
    uow.get(Person, employment.person_id)
    return employment


def _one_primary(uow: UnitOfWork, employment: Employment) -> None:
    if employment.primary:
        for other in employments.other_primaries(uow, employment):
            other.change({"primary": False})
