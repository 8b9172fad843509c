"""Entrypoints about quotes."""

from typing import Any
from uuid import UUID

from chassis.db.paging import Page, PageRequest
from chassis.rpc import command, query
from chassis.unit_of_work import UnitOfWork
from services.sales.commands import quotes as commands
from services.sales.commands.quotes import Printed
from services.sales.domain.line import NewLine
from services.sales.domain.quote import Quote
from services.sales.queries import quotes as queries
from services.sales.queries.quotes import QUOTE_FILTERS
from services.sales.schemas import (
    DecisionSchema,
    DocumentSchema,
    NewLineSchema,
    NewQuoteSchema,
    QuoteChangeSchema,
    QuoteSchema,
)


class Quotes:
    """What may be asked of quotes."""

    @command(loads=NewQuoteSchema, dumps=QuoteSchema, needs="quotes:write")
    def create_quote(self, uow: UnitOfWork, data: dict[str, Any]) -> Quote:
        """Draft a quote, with the opportunity's lines unless others are sent."""
        return commands.create_quote(uow, **data)

    @query(dumps=QuoteSchema, needs="quotes:read")
    def get_quote(self, uow: UnitOfWork, quote_id: UUID) -> Quote:
        """Show a version of a quote."""
        return uow.get(Quote, quote_id)

    @query(lists=QuoteSchema, filters=QUOTE_FILTERS, needs="quotes:read")
    def list_quotes(self, uow: UnitOfWork, page: PageRequest) -> Page[Quote]:
        """List quotes; all versions of one have the same number."""
        return queries.quotes(uow, page)

    @command(patches=QuoteChangeSchema, dumps=QuoteSchema, needs="quotes:write")
    def update_quote(self, uow: UnitOfWork, quote_id: UUID, data: dict[str, Any]) -> Quote:
        """Change a draft."""
        return commands.update_quote(uow, quote_id, data)

    @command(dumps=QuoteSchema, needs="quotes:write")
    def revise_quote(self, uow: UnitOfWork, quote_id: UUID) -> Quote:
        """Draft the next version of a quote."""
        return commands.revise_quote(uow, quote_id)

    @command(loads=NewLineSchema, dumps=QuoteSchema, needs="quotes:write")
    def add_quote_line(self, uow: UnitOfWork, quote_id: UUID, data: dict[str, Any]) -> Quote:
        """Add a line to a draft."""
        return commands.add_line(uow, quote_id, NewLine(**data))

    @command(loads=NewLineSchema, dumps=QuoteSchema, needs="quotes:write")
    def replace_quote_line(self, uow: UnitOfWork, quote_id: UUID, line_id: UUID, data: dict[str, Any]) -> Quote:
        """Replace a line of a draft."""
        return commands.replace_line(uow, quote_id, line_id, NewLine(**data))

    @command(needs="quotes:write")
    def remove_quote_line(self, uow: UnitOfWork, quote_id: UUID, line_id: UUID) -> None:
        """Take a line of a draft away."""
        commands.replace_line(uow, quote_id, line_id, None)

    @command(dumps=QuoteSchema, needs="quotes:write", prepares=commands.print_quote)
    def send_quote(self, uow: UnitOfWork, quote_id: UUID, prepared: Printed) -> Quote:
        """Send a quote: it is printed, stays as it is, and earlier versions give way to it."""
        return commands.send_quote(uow, quote_id, prepared)

    @command(loads=DecisionSchema, dumps=QuoteSchema, needs="quotes:write")
    def accept_quote(self, uow: UnitOfWork, quote_id: UUID, data: dict[str, Any]) -> Quote:
        """Note that the customer accepts; the opportunity takes its lines."""
        return commands.accept_quote(uow, quote_id, **data)

    @command(loads=DecisionSchema, dumps=QuoteSchema, needs="quotes:write")
    def refuse_quote(self, uow: UnitOfWork, quote_id: UUID, data: dict[str, Any]) -> Quote:
        """Note that the customer refuses."""
        return commands.refuse_quote(uow, quote_id, **data)

    @query(dumps=DocumentSchema, needs="quotes:read")
    def quote_pdf(self, uow: UnitOfWork, quote_id: UUID) -> dict[str, Any]:
        """Show where the PDF of a quote is; the link lasts an hour."""
        return queries.pdf(uow, quote_id)
