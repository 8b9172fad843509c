"""Everything a user can do to a quote."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from chassis.clock import utc_now
from chassis.errors import NotFound, VersionConflict
from chassis.unit_of_work import UnitOfWork
from services.sales.commands import opportunities
from services.sales.domain.line import Line, NewLine, lines_of, with_line
from services.sales.domain.opportunity import Opportunity
from services.sales.domain.quote import Quote, quote_number
from services.sales.errors import QuoteHasALaterVersion
from services.sales.queries import quotes

EXPIRE_QUOTE: Final = "expire-quote"
Opens = Callable[[], AbstractContextManager[UnitOfWork]]


@dataclass(frozen=True)
class Printed:
    """The PDF of one version of a record, as it goes out."""

    version: int
    key: str


def create_quote(
    uow: UnitOfWork, *, opportunity_id: UUID, lines: Sequence[NewLine] | None = None, **attributes: Any
) -> Quote:
    """Draft a quote, with the opportunity's lines unless others are sent.

    Raises ``NotFound`` for an opportunity that the caller may not see, and what lines raise.
    """
    # Locked, so that no qualification is undone that this quote stands on.
    opportunity = uow.get(Opportunity, opportunity_id, permission="opportunities:read", lock=True)
    quote = Quote(opportunity_id=opportunity_id, **{"title": opportunity.name, **attributes})
    quote.person_id, quote.company_id = opportunity.person_id, opportunity.company_id
    copied = [line.again() for line in opportunity.lines]
    quote.put_lines(copied if lines is None else lines_of(lines))
    year = opportunities.today(uow).year
    counter = quotes.counter(uow, year)
    counter.last += 1
    quote.number = quote_number(year, counter.last)
    return uow.add(quote)


def revise_quote(uow: UnitOfWork, quote_id: UUID) -> Quote:
    """Draft the next version of a quote, from its latest one. Raises ``QuoteHasALaterVersion``."""
    quote = uow.get(Quote, quote_id, lock=True)
    latest = quotes.latest_revision(uow, quote.number)
    if latest != quote.revision:
        raise QuoteHasALaterVersion(revision=latest)
    return uow.add(quote.next_version(latest + 1))


def update_quote(uow: UnitOfWork, quote_id: UUID, changes: Mapping[str, Any]) -> Quote:
    """Change a draft. Raises ``VersionConflict``, ``QuoteIsNotDraft``."""
    quote = uow.change(Quote, quote_id)
    quote.change(changes)
    return quote


def add_line(uow: UnitOfWork, quote_id: UUID, new: NewLine) -> Quote:
    """Add a line to a draft. Raises what ``Quote.put_lines`` raises."""
    quote = uow.change(Quote, quote_id)
    quote.put_lines([*quote.lines, Line.of(new)])
    return quote


def replace_line(uow: UnitOfWork, quote_id: UUID, line_id: UUID, new: NewLine | None) -> Quote:
    """Replace a line of a draft, or take it away. Raises ``NotFound``, and what ``Quote.put_lines`` raises."""
    quote = uow.change(Quote, quote_id)
    lines = with_line(quote.lines, line_id, new)
    if lines is None:
        raise NotFound(resource="lines", id=str(line_id))
    quote.put_lines(lines)
    return quote


def print_quote(opens: Opens, quote_id: UUID) -> Printed:
    """Print a quote as it goes out, before the transaction that sends it.

    Raises ``NotFound``, ``QuoteIsNotDraft``, ``QuoteHasNoLines``, ``QuoteHasRunOut``.
    """
    with opens() as uow:
        quote, today = uow.get(Quote, quote_id), opportunities.today(uow)
        quote.demand_sendable(today)
        issuer = quotes.issuer(uow)
    return Printed(quote.version, quotes.printed(quote, today, issuer))


def send_quote(uow: UnitOfWork, quote_id: UUID, printed: Printed) -> Quote:
    """Note that a quote goes out; earlier versions give way to it, and it runs out after its last day.

    Raises ``VersionConflict`` where it changed since it was printed, and what ``print_quote`` raises.
    """
    quote = uow.change(Quote, quote_id)
    quote.demand_sendable(opportunities.today(uow))
    if quote.version != printed.version:
        raise VersionConflict(expected=printed.version, actual=quote.version)
    for earlier in quotes.earlier_versions(uow, quote):
        earlier.supersede()
        uow.cancel_timer(EXPIRE_QUOTE, str(earlier.id))
    quote.send(printed.key, utc_now())
    if quote.valid_until is not None:
        uow.schedule(EXPIRE_QUOTE, _end_of(uow, quote.valid_until), key=str(quote.id))
    return quote


def accept_quote(uow: UnitOfWork, quote_id: UUID, *, note: str | None = None) -> Quote:
    """Note that the customer accepts; the opportunity is about what was offered from then on.

    Raises ``QuoteIsNotSent``, ``QuoteHasRunOut``.
    """
    quote = uow.change(Quote, quote_id)
    quote.accept(utc_now(), opportunities.today(uow), note)
    uow.cancel_timer(EXPIRE_QUOTE, str(quote_id))
    opportunities.take_lines(uow, quote.opportunity_id, quote.lines)
    return quote


def refuse_quote(uow: UnitOfWork, quote_id: UUID, *, note: str | None = None) -> Quote:
    """Note that the customer refuses. Raises ``QuoteIsNotSent``."""
    quote = uow.change(Quote, quote_id)
    quote.refuse(utc_now(), note)
    uow.cancel_timer(EXPIRE_QUOTE, str(quote_id))
    return quote


def expire_quote(uow: UnitOfWork, quote_id: UUID) -> None:
    """Have a quote run out whose last day is over."""
    uow.get(Quote, quote_id).expire(utc_now())


def _end_of(uow: UnitOfWork, day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time.min, ZoneInfo(uow.actor.time_zone)).astimezone(UTC)
