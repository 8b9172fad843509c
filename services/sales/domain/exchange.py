"""Exchange rates: what a currency was worth in the organisation's own, from a day on."""

from bisect import bisect_right
from collections.abc import Iterable
from datetime import date
from decimal import Decimal, localcontext
from typing import Annotated, ClassVar, Final

from chassis.db.exact_decimal import ExactDecimal
from chassis.field_kinds_exact import DecimalField
from chassis.fields import CurrencyCode, Day, ReadOnly
from chassis.indexes import unique
from chassis.model import Aggregate, Mapped, column
from chassis.money import Money
from chassis.vocabulary import Public
from contracts.parameters import ORGANISATION_CURRENCY
from services.sales.domain.base import Model
from services.sales.errors import RateIsWrong

_DIGITS: Final = 60

Rate = Annotated[
    Decimal,
    column(ExactDecimal(18, 8)),
    Public(DecimalField, places=8, least=Decimal(0), most=Decimal(10) ** 9),
]


class ExchangeRate(Aggregate, Model):
    """From the day ``on``, one unit of ``currency`` is worth ``rate`` of ``base``, the organisation's currency."""

    __tablename__ = "exchange_rates"
    resource: ClassVar = "exchange-rates"
    __table_args__ = (unique("currency", "base", "on"),)

    currency: Mapped[CurrencyCode]
    base: Mapped[ReadOnly[CurrencyCode]] = column(default=ORGANISATION_CURRENCY.default)
    on: Mapped[Day]
    rate: Mapped[Rate]

    def check(self) -> None:
        """Raise ``RateIsWrong`` unless it turns another currency into the base at a price above nothing."""
        if not self.rate or self.currency == self.base:
            raise RateIsWrong(base=self.base)


class Rates:
    """The rates into one base currency, at hand for converting."""

    def __init__(self, base: str, known: Iterable[tuple[str, date, Decimal]]) -> None:
        self.base = base
        self._known: dict[str, list[tuple[date, Decimal]]] = {}
        for currency, on, rate in sorted(known):
            self._known.setdefault(currency, []).append((on, rate))

    def converted(self, amount: Money, on: date) -> Money | None:
        """Return an amount in the base currency at the latest rate up to the day ``on``; None where there is none."""
        if amount.currency == self.base:
            return amount
        rates = self._known.get(amount.currency, [])
        place = bisect_right(rates, on, key=lambda each: each[0])
        if not place:
            return None
        with localcontext(prec=_DIGITS):
            return Money.rounded(amount.amount * rates[place - 1][1], self.base)


class Sum:
    """Adds amounts of any currency up in the base currency, and remembers which could not be converted."""

    def __init__(self, rates: Rates) -> None:
        self._rates = rates
        self.total = Money.zero(rates.base)
        self.unconverted: set[str] = set()

    def add(self, amount: Money | None, on: date) -> Money | None:
        """Add an amount at the rate of the day ``on``; return it in the base currency."""
        if amount is None:
            return None
        converted = self._rates.converted(amount, on)
        if converted is None:
            self.unconverted.add(amount.currency)
        else:
            self.total += converted
        return converted
