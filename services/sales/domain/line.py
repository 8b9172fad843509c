"""A line of an offer: so many of something, at a price, less a discount; exact to the last cent."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, localcontext
from typing import Final
from uuid import UUID

from chassis.fields import Id, Money, Percentage, Quantity, ShortText
from chassis.ids import new_id
from services.sales.errors import AmountIsTooLarge, CurrencyIsAnother, QuantityIsNotPositive

MOST_LINES: Final = 100
# A quantity of 18 digits times a price of 17 times a discount of 5.
_DIGITS: Final = 60
_PERCENT: Final = Decimal(100)


@dataclass(frozen=True, kw_only=True)
class NewLine:
    """A line as it is sent. ``discount`` is in percent of the price."""

    description: ShortText
    quantity: Quantity
    unit_price: Money
    discount: Percentage = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line as it is kept; ``total`` is rounded once, half to even, to the currency's minor unit."""

    description: ShortText
    quantity: Quantity
    unit_price: Money
    discount: Percentage
    total: Money
    id: Id = field(default_factory=new_id)

    @classmethod
    def of(cls, new: NewLine, *, id_: UUID | None = None) -> "Line":
        """Return the line that was sent, with its total. Raises ``QuantityIsNotPositive``, ``AmountIsTooLarge``."""
        if new.quantity <= 0:
            raise QuantityIsNotPositive
        with localcontext(prec=_DIGITS):
            exact = new.unit_price.amount * new.quantity * (_PERCENT - new.discount) / _PERCENT
            total = _money(exact, new.unit_price.currency)
        return cls(
            description=new.description,
            quantity=new.quantity,
            unit_price=new.unit_price,
            discount=new.discount,
            total=total,
            id=id_ or new_id(),
        )

    def again(self) -> "Line":
        """Return a copy with an id of its own, for another document."""
        return Line(**{**vars(self), "id": new_id()})


def total_of(lines: Sequence[Line]) -> Money | None:
    """Return the sum of the lines' totals, None where there are none.

    Raises ``CurrencyIsAnother`` where they are not all in one currency, ``AmountIsTooLarge``.
    """
    if not lines:
        return None
    currency = lines[0].total.currency
    for line in lines:
        if line.total.currency != currency:
            raise CurrencyIsAnother(currency=line.total.currency, wanted=currency)
    return _money(sum((line.total.amount for line in lines), Decimal(0)), currency)


def lines_of(new: Iterable[NewLine]) -> list[Line]:
    """Return lines as they are kept. Raises ``QuantityIsNotPositive``, ``AmountIsTooLarge``."""
    return [Line.of(each) for each in new]


def with_line(lines: Sequence[Line], line_id: UUID, new: NewLine | None) -> list[Line] | None:
    """Return the lines with one replaced, or left out; None where there is no such line."""
    if all(line.id != line_id for line in lines):
        return None
    replaced = None if new is None else Line.of(new, id_=line_id)
    kept = [replaced if line.id == line_id else line for line in lines]
    return [line for line in kept if line is not None]


def _money(amount: Decimal, currency: str) -> Money:
    try:
        return Money.rounded(amount, currency)
    except (ValueError, ArithmeticError):
        raise AmountIsTooLarge from None
