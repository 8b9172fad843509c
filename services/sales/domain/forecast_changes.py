"""What changed between two forecasts: opening and changes are closing, in each figure, in all and for each seller."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from chassis import money
from chassis.fields import Count, CurrencyCode, Day, Id, Money, Whole
from services.sales.domain.forecast import Rollup, Sums
from services.sales.domain.forecast_move import Cause, Period, Standing, Step, Worth, counts, steps, worth

SHOWN = 50


@dataclass(frozen=True, kw_only=True)
class Delta:
    """By how much each figure of a forecast differs, up or down."""

    count: Whole
    closed: Money
    commit: Money
    best_case: Money
    pipeline: Money
    commit_forecast: Money
    best_case_forecast: Money
    open_pipeline: Money
    weighted: Money


@dataclass(frozen=True, kw_only=True)
class Change:
    """What one cause did to the forecast, and to how many opportunities.

    ``new`` was opened, ``restored`` came out of the bin, ``reopened`` had been won or lost, ``pulled_in`` is expected
    within the period now, ``pushed_out`` no longer; ``amount_up`` and ``amount_down`` are worth more or less, ``rate``
    by the exchange rate alone; ``category`` and ``probability`` are other ones; ``reassigned`` went from one seller to
    another, out of reach or into it; ``removed`` went into the bin; ``lost``; ``won``, opened since then or before.
    """

    cause: Cause
    opportunities: Count
    delta: Delta


@dataclass(frozen=True, kw_only=True)
class Bridge:
    """Opening, changes by cause, closing. Each figure of the changes adds up to the difference of the other two."""

    opening: Rollup
    changes: list[Change]
    closing: Rollup


@dataclass(frozen=True, kw_only=True)
class OwnerBridge:
    """What changed for one seller; null for what belongs to nobody."""

    owner_id: Id | None
    bridge: Bridge


@dataclass(frozen=True, kw_only=True)
class OpportunityChange:
    """One step of one opportunity: what it counted for with this seller before and after; null is not at all."""

    opportunity_id: Id
    owner_id: Id | None
    cause: Cause
    before: Money | None
    after: Money | None


@dataclass(frozen=True, kw_only=True)
class ForecastChanges:
    """What changed from the snapshot of ``since_on`` to that of ``until_on``, or until now where that is null.

    The period is the days from ``from_on`` to ``to_on``, both included. ``largest`` are the 50 steps that weigh most.
    ``unconverted`` names currencies that had no rate in one of both; their amounts were missing then.
    """

    currency: CurrencyCode
    since_on: Day
    until_on: Day | None
    from_on: Day | None
    to_on: Day | None
    total: Bridge
    owners: list[OwnerBridge]
    largest: list[OpportunityChange]
    unconverted: list[CurrencyCode]


@dataclass(frozen=True, slots=True)
class Pair:
    """One opportunity in both forecasts; None where it was not there yet, the same standing where nothing changed."""

    opportunity_id: UUID
    before: Standing | None
    after: Standing | None


class Account:
    """Adds up what changed."""

    def __init__(self, period: Period) -> None:
        self._period = period
        self._total, self._owners = _Books(), dict[UUID | None, _Books]()
        self._steps: list[tuple[UUID, Step]] = []
        self.unconverted: set[str] = set()

    def add(self, pair: Pair) -> None:
        """Take an opportunity into the account."""
        before = self._counted(pair.before)
        after = before if pair.after is pair.before else self._counted(pair.after)
        for books in self._books(pair.before, before):
            books.opening.take(before)
        for books in self._books(pair.after, after):
            books.closing.take(after)
        if pair.before is pair.after or (pair.before == pair.after and before == after):
            return
        for step in steps(pair.before, pair.after, self._period):
            self._steps.append((pair.opportunity_id, step))
            for books in (self._total, self._owners.setdefault(step.owner_id, _Books())):
                books.change(pair.opportunity_id, step)

    def total(self, currency: str) -> Bridge:
        """Return what changed in all."""
        return self._total.bridge(currency)

    def owners(self, currency: str) -> list[OwnerBridge]:
        """Return what changed for each seller."""
        ordered = sorted(self._owners.items(), key=lambda each: str(each[0] or ""))
        return [OwnerBridge(owner_id=owner_id, bridge=books.bridge(currency)) for owner_id, books in ordered]

    def largest(self, currency: str) -> list[OpportunityChange]:
        """Return the steps that weigh most, the heaviest first."""
        ordered = sorted(self._steps, key=lambda each: (-_weight(each[1]), str(each[0])))
        return [
            OpportunityChange(
                opportunity_id=opportunity_id,
                owner_id=step.owner_id,
                cause=step.cause,
                before=_money(step.before, currency),
                after=_money(step.after, currency),
            )
            for opportunity_id, step in ordered[:SHOWN]
        ]

    def _counted(self, standing: Standing | None) -> Worth | None:
        found = worth(standing, self._period)
        if found is None and standing is not None and standing.amount is not None and counts(standing, self._period):
            self.unconverted.add(standing.amount.currency)
        return found

    def _books(self, standing: Standing | None, counted: Worth | None) -> "Iterable[_Books]":
        if standing is None or counted is None:
            return ()
        return self._total, self._owners.setdefault(standing.owner_id, _Books())


class _Tally(Sums):
    """Sums of what opportunities count for."""

    def take(self, counted: Worth | None, times: int = 1) -> None:
        if counted is not None:
            self.add(counted.category, counted.amount, counted.weighted, times)


class _Books:
    """What one seller, or all of them, began with, what happened, and what they ended with."""

    def __init__(self) -> None:
        self.opening, self.closing = _Tally(), _Tally()
        self._changes: dict[Cause, tuple[set[UUID], _Tally]] = {}

    def change(self, opportunity_id: UUID, step: Step) -> None:
        touched, sums = self._changes.setdefault(step.cause, (set(), _Tally()))
        touched.add(opportunity_id)
        sums.take(step.before, -1)
        sums.take(step.after)

    def bridge(self, currency: str) -> Bridge:
        return Bridge(
            opening=Rollup(**self.opening.figures(currency)),
            changes=[
                Change(cause=cause, opportunities=len(touched), delta=Delta(**sums.figures(currency)))
                for cause in Cause
                if cause in self._changes
                for touched, sums in [self._changes[cause]]
            ],
            closing=Rollup(**self.closing.figures(currency)),
        )


def _weight(step: Step) -> Decimal:
    before, after = (each.amount if each else Decimal(0) for each in (step.before, step.after))
    return abs(after - before)


def _money(counted: Worth | None, currency: str) -> Money | None:
    return None if counted is None else money.Money(counted.amount, currency)
