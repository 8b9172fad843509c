"""Entrypoints about mailboxes."""

from typing import Any
from uuid import UUID

from chassis.db.paging import Page, PageRequest
from chassis.rpc import command, query
from chassis.unit_of_work import UnitOfWork
from services.notifications.commands import mailboxes as commands
from services.notifications.domain.mailbox import Mailbox
from services.notifications.queries import mailboxes as queries
from services.notifications.queries.mailboxes import MAILBOX_FILTERS
from services.notifications.schemas import MailboxSchema, NewMailboxSchema


class Mailboxes:
    """What may be asked of mailboxes."""

    @command(loads=NewMailboxSchema, dumps=MailboxSchema, needs="mailboxes:write")
    def create_mailbox(self, uow: UnitOfWork, data: dict[str, Any]) -> Mailbox:
        """Begin to look into a mailbox for new mail."""
        return commands.create_mailbox(uow, **data)

    @query(dumps=MailboxSchema, needs="mailboxes:read")
    def get_mailbox(self, uow: UnitOfWork, mailbox_id: UUID) -> Mailbox:
        """Show a mailbox and how looking into it goes."""
        return uow.get(Mailbox, mailbox_id)

    @query(lists=MailboxSchema, filters=MAILBOX_FILTERS, needs="mailboxes:read")
    def list_mailboxes(self, uow: UnitOfWork, page: PageRequest) -> Page[Mailbox]:
        """List mailboxes."""
        return queries.mailboxes(uow, page)

    @command(patches=MailboxSchema, dumps=MailboxSchema, needs="mailboxes:write")
    def update_mailbox(self, uow: UnitOfWork, mailbox_id: UUID, data: dict[str, Any]) -> Mailbox:
        """Change a mailbox; it is looked into at once."""
        return commands.update_mailbox(uow, mailbox_id, data)

    @command(needs="mailboxes:write")
    def delete_mailbox(self, uow: UnitOfWork, mailbox_id: UUID) -> None:
        """Look into a mailbox no more."""
        commands.delete_mailbox(uow, mailbox_id)
