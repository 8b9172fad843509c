"""A quote: what is offered, at what price, until when; each version is a record of its own."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, ClassVar

from chassis.fields import (
    AliasedId,
    Count,
    Day,
    Id,
    Instant,
    Internal,
    LocaleCode,
    Logged,
    LongText,
    Money,
    Name,
    ReadOnly,
    Title,
    money,
    values,
)
from chassis.indexes import ForeignKey, unique
from chassis.model import Aggregate, Mapped, Owned, column
from chassis.words import Worded
from contracts.sales import QuoteAccepted, QuoteExpired, QuoteRefused, QuoteSent
from services.sales.domain.base import Model
from services.sales.domain.line import MOST_LINES, Line, total_of
from services.sales.errors import QuoteHasNoLines, QuoteHasRunOut, QuoteIsNotDraft, QuoteIsNotSent


class QuoteState(Worded):
    """Where a version of a quote stands; one that was replaced by a later version is superseded."""

    DRAFT = "draft", "borrador"
    SENT = "sent", "enviado"
    ACCEPTED = "accepted", "aceptado"
    REFUSED = "refused", "rechazado"
    EXPIRED = "expired", "caducado"
    SUPERSEDED = "superseded", "sustituido"


class Quote(Owned, Aggregate, Model):
    """One version of an offer. ``number`` stays the same through all versions; only a draft changes."""

    __tablename__ = "quotes"
    resource: ClassVar = "quotes"
    search_fields: ClassVar = ("number", "title")
    __table_args__ = (unique("number", "revision"),)

    number: Mapped[ReadOnly[Name]]
    revision: Mapped[ReadOnly[Count]] = column(default=1)
    opportunity_id: Mapped[Id] = column(ForeignKey("opportunities.id"), index=True)
    person_id: Mapped[ReadOnly[AliasedId] | None] = column(index=True)
    company_id: Mapped[ReadOnly[AliasedId] | None] = column(index=True)
    title: Mapped[Logged[Title]]
    recipient: Mapped[Logged[LongText] | None] = column(doc="Name and address, as they are printed.")
    language: Mapped[Logged[LocaleCode]] = column(default="es")
    state: Mapped[ReadOnly[Logged[QuoteState]]] = column(default=QuoteState.DRAFT, index=True)
    lines: Mapped[ReadOnly[list[Line]]] = values(Line, most=MOST_LINES)
    total: Mapped[ReadOnly[Money] | None] = money("total")
    valid_until: Mapped[Logged[Day] | None] = column(index=True)
    terms: Mapped[Logged[LongText] | None] = column(doc="Conditions, as they are printed.")
    sent_at: Mapped[ReadOnly[Instant] | None]
    decided_at: Mapped[ReadOnly[Instant] | None]
    decision_note: Mapped[ReadOnly[LongText] | None]
    document: Mapped[Internal[Name] | None] = column(doc="The key of the PDF, as it was sent.")

    if TYPE_CHECKING:

        def apply(self, changes: Mapping[str, Any]) -> None:
            """Set what a patch changes; every mapped class has it."""

    @property
    def filename(self) -> str:
        """What the PDF is called."""
        return f"{self.number}-{self.revision}.pdf"

    def change(self, changes: Mapping[str, Any]) -> None:
        """Apply a patch. Raises ``QuoteIsNotDraft``."""
        self.demand_draft()
        self.apply(changes)

    def put_lines(self, lines: Sequence[Line]) -> None:
        """Offer these lines. Raises ``QuoteIsNotDraft``, ``CurrencyIsAnother``, ``AmountIsTooLarge``."""
        self.demand_draft()
        self.lines, self.total = list(lines), total_of(lines)

    def demand_sendable(self, today: date) -> None:
        """Raise ``QuoteIsNotDraft``, ``QuoteHasNoLines``, ``QuoteHasRunOut`` where it cannot be sent."""
        self.demand_draft()
        if not self.lines:
            raise QuoteHasNoLines
        self._demand_valid(today)

    def send(self, document: str, now: datetime) -> None:
        """Be sent, as the PDF that has the key ``document``."""
        self.state, self.sent_at, self.document = QuoteState.SENT, now, document
        assert self.total is not None
        self.record(
            QuoteSent(
                quote_id=self.id,
                number=self.number,
                revision=self.revision,
                opportunity_id=self.opportunity_id,
                person_id=self.person_id,
                company_id=self.company_id,
                total=self.total,
                valid_until=self.valid_until,
            )
        )

    def accept(self, now: datetime, today: date, note: str | None) -> None:
        """Be accepted. Raises ``QuoteIsNotSent``, and ``QuoteHasRunOut`` after its last day."""
        self._demand_sent()
        self._demand_valid(today)
        self._decide(QuoteState.ACCEPTED, now, note)
        assert self.total is not None
        self.record(
            QuoteAccepted(
                quote_id=self.id,
                number=self.number,
                revision=self.revision,
                opportunity_id=self.opportunity_id,
                person_id=self.person_id,
                company_id=self.company_id,
                total=self.total,
            )
        )

    def refuse(self, now: datetime, note: str | None) -> None:
        """Be refused. Raises ``QuoteIsNotSent``."""
        self._demand_sent()
        self._decide(QuoteState.REFUSED, now, note)
        self.record(
            QuoteRefused(
                quote_id=self.id,
                number=self.number,
                revision=self.revision,
                opportunity_id=self.opportunity_id,
                person_id=self.person_id,
                company_id=self.company_id,
            )
        )

    def expire(self, now: datetime) -> None:
        """Run out; nothing happens to one that is not out for a decision."""
        if self.state is QuoteState.SENT:
            self._decide(QuoteState.EXPIRED, now, None)
            self.record(
                QuoteExpired(
                    quote_id=self.id,
                    number=self.number,
                    revision=self.revision,
                    opportunity_id=self.opportunity_id,
                    person_id=self.person_id,
                    company_id=self.company_id,
                )
            )

    def supersede(self) -> None:
        """Give way to a later version; one that was decided stays what it is."""
        if self.state in {QuoteState.DRAFT, QuoteState.SENT}:
            self.state = QuoteState.SUPERSEDED

    def next_version(self, revision: int) -> "Quote":
        """Return a draft with the same content, under the same number."""
        same = ("number", "opportunity_id", "person_id", "company_id", "title", "recipient", "language", "terms")
        draft = Quote(**{name: getattr(self, name) for name in same}, revision=revision)
        draft.owner_id, draft.group_id = self.owner_id, self.group_id
        draft.put_lines([line.again() for line in self.lines])
        return draft

    def demand_draft(self) -> None:
        """Raise ``QuoteIsNotDraft``."""
        if self.state is not QuoteState.DRAFT:
            raise QuoteIsNotDraft(state=self.state)

    def _demand_sent(self) -> None:
        if self.state is not QuoteState.SENT:
            raise QuoteIsNotSent(state=self.state)

    def _demand_valid(self, today: date) -> None:
        if self.valid_until is not None and self.valid_until < today:
            raise QuoteHasRunOut(valid_until=str(self.valid_until))

    def _decide(self, state: QuoteState, now: datetime, note: str | None) -> None:
        self.state, self.decided_at, self.decision_note = state, now, note


class QuoteCounter(Model):
    """The last number given to a quote in a year; numbers have no gaps."""

    __tablename__ = "quote_counters"

    year: Mapped[Count] = column(primary_key=True, autoincrement=False)
    last: Mapped[Count] = column(default=0)


def quote_number(year: int, number: int) -> str:
    """Return how the quote of that number is called."""
    return f"Q{year}-{number:05d}"
