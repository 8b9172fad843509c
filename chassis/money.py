"""Money: an exact amount in one currency."""

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Final, Self

from chassis.iso_codes import CURRENCIES, minor_units

# Fourteen digits before the point and four behind it fit the column on both databases.
LARGEST_AMOUNT: Final = Decimal(10) ** 14 - 1


class CurrencyMismatchError(ValueError):
    """Amounts of different currencies were added or compared."""


@dataclass(frozen=True, slots=True)
class Money:
    """An amount of money, exact to the currency's minor unit.

    ``amount`` is in major units (euros, not cents) and is kept with as many decimal places as the currency
    has: EUR 2, JPY 0, KWD 3. Raises ``ValueError`` for an unknown currency, for an amount that has more places
    than its currency (use ``rounded``), and for one beyond ±99,999,999,999,999.
    On the wire the amount is a string, so that no JSON reader turns it into a float.
    """

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        if self.currency not in CURRENCIES:
            raise ValueError(f"{self.currency} is not a currency")
        if not self.amount.is_finite() or abs(self.amount) > LARGEST_AMOUNT:
            raise ValueError(f"{self.amount} is not an amount of money")
        exact = self.amount.quantize(_unit(self.currency), rounding=ROUND_HALF_EVEN)
        if exact != self.amount:
            raise ValueError(f"{self.amount} has more decimal places than {self.currency} has")
        object.__setattr__(self, "amount", exact + 0)  # plus zero turns -0.00 into 0.00

    @classmethod
    def rounded(cls, amount: Decimal, currency: str) -> Self:
        """Return ``amount`` rounded half to even to the currency's minor unit."""
        return cls(amount.quantize(_unit(currency), rounding=ROUND_HALF_EVEN), currency)

    @classmethod
    def zero(cls, currency: str) -> Self:
        """Return nothing at all, in ``currency``."""
        return cls(Decimal(0), currency)

    def __add__(self, other: Self) -> Self:
        return type(self)(self.amount + self._same(other), self.currency)

    def __sub__(self, other: Self) -> Self:
        return type(self)(self.amount - self._same(other), self.currency)

    def __neg__(self) -> Self:
        return type(self)(-self.amount, self.currency)

    def __mul__(self, factor: Decimal | int) -> Self:
        """Multiply, rounding half to even to the minor unit."""
        return self.rounded(self.amount * factor, self.currency)

    def __lt__(self, other: Self) -> bool:
        return self.amount < self._same(other)

    def __le__(self, other: Self) -> bool:
        return self.amount <= self._same(other)

    def __bool__(self) -> bool:
        return bool(self.amount)

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"

    def _same(self, other: Self) -> Decimal:
        if other.currency != self.currency:
            raise CurrencyMismatchError(f"cannot combine {other.currency} with {self.currency}")
        return other.amount


def _unit(currency: str) -> Decimal:
    return Decimal(1).scaleb(-minor_units(currency))
