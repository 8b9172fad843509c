"""Entrypoints about mails that came in."""

from typing import Any
from uuid import UUID

from chassis.db.paging import Page, PageRequest
from chassis.rpc import command, query
from chassis.unit_of_work import UnitOfWork
from services.notifications.commands import receiving as commands
from services.notifications.domain.inbox_item import InboxItem
from services.notifications.queries import inbox as queries
from services.notifications.queries.inbox import INBOX_FILTERS
from services.notifications.schemas import AssignmentSchema, InboxItemSchema


class Inbox:
    """What may be asked of mails that came in."""

    @query(dumps=InboxItemSchema, needs="inbox:read")
    def get_inbox_item(self, uow: UnitOfWork, item_id: UUID) -> InboxItem:
        """Show a mail that came in."""
        return queries.item(uow, item_id)

    @query(lists=InboxItemSchema, filters=INBOX_FILTERS, needs="inbox:read")
    def list_inbox(self, uow: UnitOfWork, page: PageRequest) -> Page[InboxItem]:
        """List mails that came in, the latest first; ``state=waiting`` is the tray."""
        return queries.items(uow, page)

    @command(loads=AssignmentSchema, dumps=InboxItemSchema, needs="inbox:write")
    def assign_inbox_item(self, uow: UnitOfWork, item_id: UUID, data: dict[str, Any]) -> InboxItem:
        """File a mail from the tray with a record."""
        return commands.assign_item(uow, item_id, **data)

    @command(dumps=InboxItemSchema, needs="inbox:write")
    def dismiss_inbox_item(self, uow: UnitOfWork, item_id: UUID) -> InboxItem:
        """Take a mail out of the tray; it is kept."""
        return commands.dismiss_item(uow, item_id)
