"""Forecast snapshots: how each opportunity counted, night by night, and what currencies were worth."""

from typing import ClassVar

from chassis.fields import CurrencyCode, Day, Flag, Id, Money, Percentage, ReadOnly, money
from chassis.indexes import index, unique_where
from chassis.model import Aggregate, Mapped, Owned, column
from contracts.sales import ForecastSnapshotTaken
from services.sales.domain.base import Model
from services.sales.domain.exchange import Rate
from services.sales.domain.opportunity_state import ForecastCategory, OpportunityState


class ForecastSnapshot(Aggregate, Model):
    """The forecast was kept as it was when the day ``on`` began, in what was the organisation's currency then."""

    __tablename__ = "forecast_snapshots"
    resource: ClassVar = "forecast-snapshots"

    on: Mapped[ReadOnly[Day]] = column(unique=True, sort_order=1)
    currency: Mapped[ReadOnly[CurrencyCode]] = column(sort_order=2)

    def take(self) -> None:
        """Tell of the snapshot."""
        self.record(ForecastSnapshotTaken(snapshot_id=self.id, on=self.on, currency=self.currency))


class ForecastEntry(Owned, Model):
    """How an opportunity counted in the snapshots from ``from_on`` until the day before ``until_on``.

    The present entry has no ``until_on``. ``day`` is when it closed, or was expected to while it was open.
    """

    __tablename__ = "forecast_entries"
    __table_args__ = (
        unique_where("uq_forecast_entries_present", "until_on IS NULL", "opportunity_id"),
        index("ix_forecast_entries_until_on", "until_on"),
    )

    opportunity_id: Mapped[Id] = column(primary_key=True)
    from_on: Mapped[Day] = column(primary_key=True)
    until_on: Mapped[Day | None]
    state: Mapped[OpportunityState]
    category: Mapped[ForecastCategory]
    amount: Mapped[Money | None] = money("amount")
    probability: Mapped[Percentage]
    day: Mapped[Day | None]
    pipeline_id: Mapped[Id]
    binned: Mapped[Flag] = column(doc="Whether it was in the bin.")
    # A hundred thousand are written in one night, and read by the snapshot: no index but those above.
    owner_id: Mapped[Id | None] = column()
    group_id: Mapped[Id | None] = column()


class ForecastRate(Model):
    """An exchange rate as it was known to the snapshots from ``from_on`` until the day before ``until_on``."""

    __tablename__ = "forecast_rates"
    __table_args__ = (
        unique_where("uq_forecast_rates_present", "until_on IS NULL", "currency", "base", "day"),
        index("ix_forecast_rates_until_on", "until_on"),
    )

    currency: Mapped[CurrencyCode] = column(primary_key=True)
    base: Mapped[CurrencyCode] = column(primary_key=True)
    day: Mapped[Day] = column(primary_key=True)
    from_on: Mapped[Day] = column(primary_key=True)
    until_on: Mapped[Day | None]
    rate: Mapped[Rate]
