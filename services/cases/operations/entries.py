"""Entrypoints about what is said in a case, and about its tasks."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from chassis.db.paging import Page, PageRequest
from chassis.rpc import command, query
from chassis.unit_of_work import UnitOfWork
from services.cases.commands import entries, tasks
from services.cases.domain.entry import Entry
from services.cases.domain.task import CaseTask
from services.cases.queries import cases as queries
from services.cases.queries.cases import ENTRY_FILTERS
from services.cases.schemas import EntrySchema, MessageSchema, NeedSchema, NoteSchema, ReplySchema, TaskSchema


class Entries:
    """What may be asked of the entries and tasks of a case."""

    @query(lists=EntrySchema, filters=ENTRY_FILTERS, needs="cases:read")
    def list_case_entries(self, uow: UnitOfWork, case_id: UUID, page: PageRequest) -> Page[Entry]:
        """List what was said in a case, the oldest first."""
        return queries.entries(uow, case_id, page)

    @query(dumps=EntrySchema, needs="cases:read")
    def get_case_entry(self, uow: UnitOfWork, entry_id: UUID) -> Entry:
        """Show one thing that was said in a case."""
        return queries.entry(uow, entry_id)

    @command(loads=ReplySchema, dumps=EntrySchema, needs="cases:write")
    def reply_to_case(self, uow: UnitOfWork, case_id: UUID, data: dict[str, Any]) -> Entry:
        """Answer the customer; the clocks that wait for an answer are met."""
        return entries.reply(uow, case_id, **data)

    @command(loads=NoteSchema, dumps=EntrySchema, needs="cases:write")
    def add_case_note(self, uow: UnitOfWork, case_id: UUID, data: dict[str, Any]) -> Entry:
        """Note something that the customer does not see."""
        return entries.note(uow, case_id, **data)

    @command(loads=MessageSchema, dumps=EntrySchema, needs="cases:write")
    def add_case_message(self, uow: UnitOfWork, case_id: UUID, data: dict[str, Any]) -> Entry:
        """Register what the customer wrote or said."""
        return entries.register_message(uow, case_id, **data)

    @command(loads=NeedSchema, dumps=EntrySchema, needs="cases:write")
    def detect_need(self, uow: UnitOfWork, case_id: UUID, data: dict[str, Any]) -> Entry:
        """Note what the customer may need, so that whoever sells to them hears of it."""
        return entries.detect_need(uow, case_id, **data)

    @query(dumps=TaskSchema, many=True, needs="cases:read")
    def list_case_tasks(self, uow: UnitOfWork, case_id: UUID) -> Sequence[CaseTask]:
        """List the tasks of a case in their order."""
        return queries.tasks(uow, case_id)

    @query(dumps=TaskSchema, needs="cases:read")
    def get_case_task(self, uow: UnitOfWork, task_id: UUID) -> CaseTask:
        """Show a task of a case."""
        return queries.task(uow, task_id)

    @command(loads=TaskSchema, dumps=TaskSchema, needs="cases:write")
    def add_case_task(self, uow: UnitOfWork, case_id: UUID, data: dict[str, Any]) -> CaseTask:
        """Add a task to a case."""
        return tasks.add_task(uow, case_id, **data)

    @command(patches=TaskSchema, dumps=TaskSchema, needs="cases:write")
    def update_case_task(self, uow: UnitOfWork, case_id: UUID, task_id: UUID, data: dict[str, Any]) -> CaseTask:
        """Change a task."""
        return tasks.update_task(uow, case_id, task_id, data)

    @command(dumps=TaskSchema, needs="cases:write")
    def finish_case_task(self, uow: UnitOfWork, case_id: UUID, task_id: UUID) -> CaseTask:
        """Finish a task."""
        return tasks.finish_task(uow, case_id, task_id)

    @command(dumps=TaskSchema, needs="cases:write")
    def skip_case_task(self, uow: UnitOfWork, case_id: UUID, task_id: UUID) -> CaseTask:
        """Leave a task undone for good."""
        return tasks.skip_task(uow, case_id, task_id)
