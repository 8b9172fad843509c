"""Entrypoints about messages: mails to people outside, notices to users."""

from typing import Any
from uuid import UUID

from chassis.db.paging import Page, PageRequest
from chassis.rpc import ANYONE, command, query
from chassis.unit_of_work import UnitOfWork
from services.notifications.commands import consents
from services.notifications.commands import messages as commands
from services.notifications.domain.message import Message
from services.notifications.domain.unsubscribing import Unsubscribing
from services.notifications.queries import messages as queries
from services.notifications.queries.messages import MESSAGE_FILTERS
from services.notifications.schemas import (
    MessageSchema,
    NewMessageSchema,
    ReadSchema,
    UnreadSchema,
    UnsubscribingSchema,
)


class Messages:
    """What may be asked of messages."""

    @command(loads=NewMessageSchema, dumps=MessageSchema, needs="messages:write")
    def send_message(self, uow: UnitOfWork, data: dict[str, Any]) -> Message:
        """Send a mail, written by the caller or by a template."""
        return commands.send_message(uow, **data)

    @query(dumps=UnsubscribingSchema, needs=None)
    def open_unsubscribing(self, uow: UnitOfWork, token: str) -> Unsubscribing:
        """Show what whoever has the link would unsubscribe from; looking changes nothing."""
        return consents.unsubscribing(uow, token)

    @command(dumps=UnsubscribingSchema, needs=None)
    def unsubscribe(self, uow: UnitOfWork, token: str) -> Unsubscribing:
        """Opt the address that the link came to out of its purpose."""
        return consents.unsubscribe(uow, token)

    @query(dumps=MessageSchema, needs=ANYONE)
    def get_message(self, uow: UnitOfWork, message_id: UUID) -> Message:
        """Show a notice of the caller's, or a mail that the caller may see."""
        return queries.message(uow, message_id)

    @query(lists=MessageSchema, filters=MESSAGE_FILTERS, needs=ANYONE)
    def list_messages(self, uow: UnitOfWork, page: PageRequest) -> Page[Message]:
        """List the caller's notices (``channel=in_app``) and the mails that the caller may see."""
        return queries.messages(uow, page)

    @query(dumps=UnreadSchema, needs=ANYONE)
    def count_unread_messages(self, uow: UnitOfWork) -> dict[str, int]:
        """Count the caller's notices that are not read."""
        return {"unread": queries.unread(uow)}

    @command(dumps=MessageSchema, needs=ANYONE)
    def read_message(self, uow: UnitOfWork, message_id: UUID) -> Message:
        """Note that the caller has seen a notice."""
        return commands.read_message(uow, message_id)

    @command(dumps=ReadSchema, needs=ANYONE)
    def read_all_messages(self, uow: UnitOfWork) -> dict[str, int]:
        """Note that the caller has seen every notice."""
        return commands.read_all_messages(uow)
