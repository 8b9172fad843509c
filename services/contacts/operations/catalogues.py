"""Entrypoints about the catalogues: interests, link kinds and branches."""

from typing import Any
from uuid import UUID

from chassis.db.paging import Page, PageRequest
from chassis.rpc import command, query
from chassis.unit_of_work import UnitOfWork
from services.contacts.commands import catalogues, interests
from services.contacts.domain.branch import Branch
from services.contacts.domain.interest import Interest
from services.contacts.domain.link_kind import LinkKind
from services.contacts.queries import catalogue
from services.contacts.queries.catalogue import BRANCH_FILTERS, INTEREST_FILTERS, LINK_KIND_FILTERS
from services.contacts.schemas import BranchSchema, InterestSchema, LinkKindSchema


class Catalogues:
    """What may be asked of the small catalogues."""

    @command(loads=InterestSchema, dumps=InterestSchema, needs="interests:write")
    def create_interest(self, uow: UnitOfWork, data: dict[str, Any]) -> Interest:
        """Add an interest to the catalogue."""
        return interests.create_interest(uow, **data)

    @query(dumps=InterestSchema, needs="interests:read")
    def get_interest(self, uow: UnitOfWork, interest_id: UUID) -> Interest:
        """Show an interest."""
        return uow.get(Interest, interest_id)

    @query(lists=InterestSchema, filters=INTEREST_FILTERS, needs="interests:read")
    def list_interests(self, uow: UnitOfWork, page: PageRequest) -> Page[Interest]:
        """List the catalogue of interests."""
        return catalogue.entries(uow, page)

    @command(patches=InterestSchema, dumps=InterestSchema, needs="interests:write")
    def update_interest(self, uow: UnitOfWork, interest_id: UUID, data: dict[str, Any]) -> Interest:
        """Change an interest, or switch it off."""
        return interests.update_interest(uow, interest_id, data)

    @command(needs="interests:write")
    def delete_interest(self, uow: UnitOfWork, interest_id: UUID) -> None:
        """Delete an interest that nothing uses."""
        interests.delete_interest(uow, interest_id)

    @command(loads=LinkKindSchema, dumps=LinkKindSchema, needs="link-kinds:write")
    def create_link_kind(self, uow: UnitOfWork, data: dict[str, Any]) -> LinkKind:
        """Add a link kind to the catalogue."""
        return catalogues.create_link_kind(uow, **data)

    @query(dumps=LinkKindSchema, needs="link-kinds:read")
    def get_link_kind(self, uow: UnitOfWork, link_kind_id: UUID) -> LinkKind:
        """Show a link kind."""
        return uow.get(LinkKind, link_kind_id)

    @query(lists=LinkKindSchema, filters=LINK_KIND_FILTERS, needs="link-kinds:read")
    def list_link_kinds(self, uow: UnitOfWork, page: PageRequest) -> Page[LinkKind]:
        """List the catalogue of link kinds."""
        return catalogue.entries(uow, page)

    @command(patches=LinkKindSchema, dumps=LinkKindSchema, needs="link-kinds:write")
    def update_link_kind(self, uow: UnitOfWork, link_kind_id: UUID, data: dict[str, Any]) -> LinkKind:
        """Change a link kind, or switch it off."""
        return catalogues.update_link_kind(uow, link_kind_id, data)

    @command(loads=BranchSchema, dumps=BranchSchema, needs="branches:write")
    def create_branch(self, uow: UnitOfWork, data: dict[str, Any]) -> Branch:
        """Add a branch to the catalogue."""
        return catalogues.create_branch(uow, **data)

    @query(dumps=BranchSchema, needs="branches:read")
    def get_branch(self, uow: UnitOfWork, branch_id: UUID) -> Branch:
        """Show a branch."""
        return uow.get(Branch, branch_id)

    @query(lists=BranchSchema, filters=BRANCH_FILTERS, needs="branches:read")
    def list_branches(self, uow: UnitOfWork, page: PageRequest) -> Page[Branch]:
        """List the catalogue of branches."""
        return catalogue.entries(uow, page)

    @command(patches=BranchSchema, dumps=BranchSchema, needs="branches:write")
    def update_branch(self, uow: UnitOfWork, branch_id: UUID, data: dict[str, Any]) -> Branch:
        """Change a branch, or switch it off."""
        return catalogues.update_branch(uow, branch_id, data)

    @command(needs="branches:write")
    def delete_branch(self, uow: UnitOfWork, branch_id: UUID) -> None:
        """Delete a branch that nothing uses."""
        catalogues.delete_branch(uow, branch_id)
