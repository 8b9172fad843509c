"""The forecast: what is and will be sold, rolled up by category; lost and omitted are never in it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from chassis import money
from chassis.fields import Count, CurrencyCode, Day, Id, Money, Name
from services.sales.domain.opportunity_state import ForecastCategory


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One opportunity as it counts: won ones on the day they closed, open ones on the day they are expected to.

    ``amount`` is in the organisation's currency. ``stale`` says that an open one was expected to close before today.
    """

    category: ForecastCategory
    amount: Money
    probability: Decimal
    day: date | None
    owner_id: UUID | None
    stale: bool = False


@dataclass(frozen=True, kw_only=True)
class Rollup:
    """Amounts by category, each alone and cumulated.

    ``commit_forecast`` is closed and commit; ``best_case_forecast`` is that and best case; ``open_pipeline`` is
    pipeline, best case and commit. ``weighted`` is closed, and what is open times its probability.
    """

    count: Count
    closed: Money
    commit: Money
    best_case: Money
    pipeline: Money
    commit_forecast: Money
    best_case_forecast: Money
    open_pipeline: Money
    weighted: Money


@dataclass(frozen=True, kw_only=True)
class MonthRollup:
    """The forecast of one month, such as 2030-01."""

    month: Name
    rollup: Rollup


@dataclass(frozen=True, kw_only=True)
class OwnerRollup:
    """The forecast of one seller; null for what belongs to nobody."""

    owner_id: Id | None
    rollup: Rollup


@dataclass(frozen=True, kw_only=True)
class Forecast:
    """The forecast of the days from ``from_on`` to ``to_on``, both included; null means without end.

    ``stale`` are the open opportunities that were expected to close before today: shown apart here, and also counted
    in their month, or in the present one where that was asked for. ``undated`` have no expected day and are counted
    nowhere else. ``unconverted`` names currencies without a rate, whose amounts are missing.
    """

    currency: CurrencyCode
    from_on: Day | None
    to_on: Day | None
    total: Rollup
    months: list[MonthRollup]
    owners: list[OwnerRollup]
    stale: Rollup
    undated: Rollup
    unconverted: list[CurrencyCode]


class Sums:
    """Adds up what opportunities count for, by category; what is taken away again leaves no trace."""

    def __init__(self) -> None:
        self.count = 0
        self._by = dict.fromkeys(ForecastCategory, Decimal(0))
        self._weighted = Decimal(0)

    def add(self, category: ForecastCategory, amount: Decimal, weighted: Decimal, times: int = 1) -> None:
        """Count an opportunity once, or take it away with ``times`` minus one."""
        self.count += times
        self._by[category] += amount * times
        self._weighted += weighted * times

    def figures(self, currency: str) -> dict[str, Any]:
        """Return each category alone and cumulated, as ``Rollup`` has them."""
        of = {category: money.Money(amount, currency) for category, amount in self._by.items()}
        closed, commit = of[ForecastCategory.CLOSED], of[ForecastCategory.COMMIT]
        best_case, pipeline = of[ForecastCategory.BEST_CASE], of[ForecastCategory.PIPELINE]
        return {
            "count": self.count,
            "closed": closed,
            "commit": commit,
            "best_case": best_case,
            "pipeline": pipeline,
            "commit_forecast": closed + commit,
            "best_case_forecast": closed + commit + best_case,
            "open_pipeline": pipeline + best_case + commit,
            "weighted": money.Money(self._weighted, currency),
        }


def weighted(amount: Money, probability: Decimal) -> Decimal:
    """Return an amount times a probability in percent, to the currency's minor unit."""
    return (amount * (probability / 100)).amount


def rolled_up(entries: Iterable[Entry], currency: str) -> Rollup:
    """Add up by category."""
    sums = Sums()
    for entry in entries:
        sums.add(entry.category, entry.amount.amount, weighted(entry.amount, entry.probability))
    return Rollup(**sums.figures(currency))


def forecast_of(
    entries: Iterable[Entry],
    *,
    currency: str,
    from_on: date | None,
    to_on: date | None,
    today: date,
    move_stale: bool,
    unconverted: Iterable[str],
) -> Forecast:
    """Return the forecast. With ``move_stale`` stale ones count in the present month instead of their own."""
    counted = [entry for entry in entries if entry.category is not ForecastCategory.OMITTED]

    def day_of(entry: Entry) -> date | None:
        return today if entry.stale and move_stale else entry.day

    inside = [
        entry
        for entry in counted
        if (day := day_of(entry)) and (from_on is None or day >= from_on) and (to_on is None or day <= to_on)
    ]
    months = _grouped(inside, lambda entry: f"{day_of(entry) or today:%Y-%m}")
    owners = _grouped(inside, lambda entry: str(entry.owner_id or ""))
    return Forecast(
        currency=currency,
        from_on=from_on,
        to_on=to_on,
        total=rolled_up(inside, currency),
        months=[MonthRollup(month=month, rollup=rolled_up(group, currency)) for month, group in months],
        owners=[OwnerRollup(owner_id=group[0].owner_id, rollup=rolled_up(group, currency)) for _, group in owners],
        stale=rolled_up((entry for entry in counted if entry.stale), currency),
        undated=rolled_up((entry for entry in counted if entry.day is None), currency),
        unconverted=sorted(unconverted),
    )


def _grouped(entries: Iterable[Entry], key: Callable[[Entry], str]) -> list[tuple[str, list[Entry]]]:
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(key(entry), []).append(entry)
    return sorted(groups.items())
