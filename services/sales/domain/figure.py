"""How figures are computed: what is divided by nothing is undefined, never zero and never an error."""

from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from typing import Annotated, Final

from chassis.field_kinds_exact import DecimalField
from chassis.money import Money
from chassis.vocabulary import Public

_MOST: Final = Decimal(10) ** 14
_TENTH: Final = Decimal("0.1")
_DIGITS: Final = 60

# A figure with one decimal place: a percentage that may be negative or above a hundred, or hours.
Ratio = Annotated[Decimal, Public(DecimalField, places=1, least=-_MOST, most=_MOST)]


def ratio(part: Decimal | int, whole: Decimal | int, *, times: int = 1) -> Decimal | None:
    """Return ``part`` over ``whole``, ``times`` a factor, to one decimal place; None where the whole is nothing."""
    if not whole:
        return None
    with localcontext(prec=_DIGITS):
        return (Decimal(part) * times / Decimal(whole)).quantize(_TENTH, rounding=ROUND_HALF_EVEN)


def percent(part: Decimal | int, whole: Decimal | int) -> Decimal | None:
    """Return what part of ``whole`` is ``part``, in percent to one decimal place; None where the whole is nothing."""
    return ratio(part, whole, times=100)


def each(total: Money | None, count: int) -> Money | None:
    """Return what one of ``count`` costs; None where there are none, or the total is not known."""
    return None if total is None or not count else Money.rounded(total.amount / count, total.currency)
