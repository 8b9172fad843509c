from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.money import Money
from services.sales.domain.line import Line, NewLine, total_of
from services.sales.errors import AmountIsTooLarge, CurrencyIsAnother, QuantityIsNotPositive


def line(quantity="1", price="100.00", discount="0", currency="EUR"):
    return Line.of(
        NewLine(
            description="Torno",
            quantity=Decimal(quantity),
            unit_price=Money(Decimal(price), currency),
            discount=Decimal(discount),
        )
    )


@pytest.mark.parametrize(
    ("quantity", "price", "discount", "total"),
    [
        ("3", "0.10", "0", "0.30"),
        ("3", "0.10", "5", "0.28"),  # 0.285 goes to the even cent
        ("1", "0.25", "50", "0.12"),  # 0.125 too
        ("0.3333", "99.99", "12.5", "29.16"),
        ("2", "10.00", "100", "0.00"),
        ("99999999999.9999", "100.00", "0.01", "9998999999999.99"),
    ],
)
def test_a_total_is_rounded_once(quantity, price, discount, total):
    assert line(quantity, price, discount).total == Money(Decimal(total), "EUR")


@given(st.lists(st.integers(min_value=1, max_value=10**9), min_size=1, max_size=50))
def test_sums_are_exact_in_any_order(cents):
    lines = [line(price=str(Decimal(each).scaleb(-2))) for each in cents]

    assert total_of(lines).amount == Decimal(sum(cents)).scaleb(-2)
    assert total_of(lines[::-1]) == total_of(lines)


def test_yen_have_no_cents():
    assert line("3", "100", "0.5", "JPY").total == Money(Decimal(298), "JPY")


def test_what_makes_no_sense_is_refused():
    with pytest.raises(QuantityIsNotPositive):
        line(quantity="-1")
    with pytest.raises(AmountIsTooLarge):
        line("99999999999999", "99999999999999")
    with pytest.raises(CurrencyIsAnother):
        total_of([line(), line(currency="USD")])
    assert total_of([]) is None
