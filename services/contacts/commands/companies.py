"""Everything a user can do to a company."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from chassis import settings
from chassis.unit_of_work import UnitOfWork
from services.contacts.commands import contacts
from services.contacts.domain.company import Company


def create_company(uow: UnitOfWork, *, allow_duplicate: bool = False, **attributes: Any) -> Company:
    """Put a company on file.

    Raises ``PossibleDuplicate`` with the matches unless ``allow_duplicate``, ``TaxIdIsWrong``, ``UnknownLinkKind``.
    """
    company = Company(**{"country": settings.load().default_country, **attributes})
    return contacts.register(uow, company, company_ids=(), allow_duplicate=allow_duplicate)


def update_company(uow: UnitOfWork, company_id: UUID, changes: Mapping[str, Any]) -> Company:
    """Change a company. Raises ``VersionConflict``, and what creating raises but for duplicates."""
    return contacts.change(uow, uow.change(Company, company_id), changes)


def delete_company(uow: UnitOfWork, company_id: UUID) -> None:
    """Put a company in the bin; employments and relations stay, and are back with it."""
    contacts.delete(uow, uow.change(Company, company_id))


def restore_company(uow: UnitOfWork, company_id: UUID) -> Company:
    """Take a company out of the bin."""
    return contacts.restore(uow, uow.change(Company, company_id, deleted=True))
