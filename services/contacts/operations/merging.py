"""Entrypoints about records of one contact that become one, and several again."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from chassis.rpc import ANYONE, command, query
from chassis.unit_of_work import UnitOfWork
from contracts.contacts import ContactKind
from services.contacts.commands import merging as commands
from services.contacts.domain.merge import ContactMerge
from services.contacts.queries import merging as queries
from services.contacts.schemas import (
    DuplicatesMergeSchema,
    MergePreviewSchema,
    MergeRequestSchema,
    MergeSchema,
    UnmergeSchema,
)


class Merging:
    """What may be asked of merges; they need the right to delete the absorbed and to change the survivor."""

    @query(loads=MergeRequestSchema, dumps=MergePreviewSchema, needs="people:delete")
    def preview_person_merge(self, uow: UnitOfWork, person_id: UUID, data: dict[str, Any]) -> dict[str, Any]:
        """Show what merging others into a person would make of the fields, how much moves, and what is at odds."""
        return commands.preview_merge(uow, ContactKind.PERSON, person_id, **data)

    @command(loads=MergeRequestSchema, dumps=MergeSchema, needs="people:delete")
    def merge_person(self, uow: UnitOfWork, person_id: UUID, data: dict[str, Any]) -> ContactMerge:
        """Merge others into a person: their ids lead to it for ever, and nobody is told but by one event."""
        return commands.merge_contacts(uow, ContactKind.PERSON, person_id, **data)

    @command(loads=UnmergeSchema, dumps=MergeSchema, needs="people:delete")
    def unmerge_person(self, uow: UnitOfWork, person_id: UUID, data: dict[str, Any]) -> ContactMerge:
        """Undo a merge, asked by the id of any record in it; refused where its fields were edited since."""
        return commands.unmerge(uow, ContactKind.PERSON, person_id, **data)

    @query(dumps=MergeSchema, many=True, needs="people:read")
    def list_person_merges(self, uow: UnitOfWork, person_id: UUID) -> Sequence[ContactMerge]:
        """Show the merges that a person came of, the latest first, and how far other services followed."""
        return queries.merges_of(uow, ContactKind.PERSON, person_id)

    @query(loads=MergeRequestSchema, dumps=MergePreviewSchema, needs="companies:delete")
    def preview_company_merge(self, uow: UnitOfWork, company_id: UUID, data: dict[str, Any]) -> dict[str, Any]:
        """Show what merging others into a company would make of the fields, how much moves, and what is at odds."""
        return commands.preview_merge(uow, ContactKind.COMPANY, company_id, **data)

    @command(loads=MergeRequestSchema, dumps=MergeSchema, needs="companies:delete")
    def merge_company(self, uow: UnitOfWork, company_id: UUID, data: dict[str, Any]) -> ContactMerge:
        """Merge others into a company: their ids lead to it for ever, and nobody is told but by one event."""
        return commands.merge_contacts(uow, ContactKind.COMPANY, company_id, **data)

    @command(loads=UnmergeSchema, dumps=MergeSchema, needs="companies:delete")
    def unmerge_company(self, uow: UnitOfWork, company_id: UUID, data: dict[str, Any]) -> ContactMerge:
        """Undo a merge, asked by the id of any record in it; refused where its fields were edited since."""
        return commands.unmerge(uow, ContactKind.COMPANY, company_id, **data)

    @query(dumps=MergeSchema, many=True, needs="companies:read")
    def list_company_merges(self, uow: UnitOfWork, company_id: UUID) -> Sequence[ContactMerge]:
        """Show the merges that a company came of, the latest first, and how far other services followed."""
        return queries.merges_of(uow, ContactKind.COMPANY, company_id)

    @command(loads=DuplicatesMergeSchema, dumps=MergeSchema, needs=ANYONE)
    def merge_duplicates(self, uow: UnitOfWork, data: dict[str, Any]) -> ContactMerge:
        """Merge contacts of whichever kind; the rights are asked for once it is known."""
        return commands.merge_duplicates(uow, **data)
