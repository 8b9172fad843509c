from decimal import Decimal

import pycountry
import pytest

from chassis.iso_codes import COUNTRIES, CURRENCIES, minor_units
from chassis.money import CurrencyMismatchError, Money


def euros(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


def test_amounts_have_the_places_of_their_currency():
    assert str(euros("1.5")) == "1.50 EUR"
    assert str(Money(Decimal(7), "JPY")) == "7 JPY"
    assert str(Money(Decimal("0.1"), "KWD")) == "0.100 KWD"
    assert str(euros("-0.00")) == "0.00 EUR"
    for wrong in (("1.234", "EUR"), ("1.5", "JPY"), ("NaN", "EUR"), ("1e20", "EUR"), ("1", "XYZ")):
        with pytest.raises(ValueError):
            Money(Decimal(wrong[0]), wrong[1])


def test_sums_are_exact_and_currencies_do_not_mix():
    assert sum((euros("0.10") for _ in range(10)), Money.zero("EUR")) == euros("1")
    assert -euros("1") + euros("3") - euros("1") == euros("1")
    assert euros("0.05") * Decimal("0.5") == euros("0.02")  # half to even
    assert euros("0.15") * Decimal("0.5") == euros("0.08")
    assert euros("1") < euros("2") <= euros("2")
    assert not Money.zero("EUR")
    for wrong in (lambda: euros("1") + Money.zero("USD"), lambda: euros("1") < Money.zero("USD")):
        with pytest.raises(CurrencyMismatchError):
            wrong()


def test_the_codes_are_those_of_iso():
    assert {country.alpha_2 for country in pycountry.countries} == COUNTRIES
    assert {currency.alpha_3 for currency in pycountry.currencies} >= CURRENCIES
    assert [minor_units(code) for code in ("EUR", "JPY", "KWD", "CLF")] == [2, 0, 3, 4]
