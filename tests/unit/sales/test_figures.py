from datetime import date
from decimal import Decimal

from chassis.money import Money
from services.sales.domain.campaign_figures import roi
from services.sales.domain.exchange import Rates, Sum
from services.sales.domain.figure import each, percent


def euros(amount):
    return Money(Decimal(amount), "EUR")


def test_roi_of_the_book_example():
    assert roi(euros("20000"), euros("11400")) == Decimal("75.4")


def test_two_wins_of_a_thousand_at_a_cost_of_five_hundred_are_three_hundred_percent():
    assert roi(euros("2000"), euros("500")) == Decimal("300.0")


def test_roi_is_undefined_without_cost_and_negative_where_nothing_came_of_it():
    assert roi(euros("2000"), euros("0")) is None
    assert roi(euros("2000"), None) is None
    assert roi(euros("0"), euros("500")) == Decimal("-100.0")


def test_what_is_divided_by_nothing_is_undefined():
    assert percent(3, 0) is None
    assert each(euros("10"), 0) is None
    assert each(euros("10"), 3) == euros("3.33")


def test_the_latest_rate_up_to_the_day_counts():
    rates = Rates("EUR", [("USD", date(2030, 1, 1), Decimal("0.90")), ("USD", date(2030, 2, 1), Decimal("0.80"))])
    dollars = Money(Decimal("100.00"), "USD")

    assert rates.converted(dollars, date(2029, 12, 31)) is None
    assert rates.converted(dollars, date(2030, 1, 31)) == euros("90.00")
    assert rates.converted(dollars, date(2030, 2, 1)) == euros("80.00")


def test_what_cannot_be_converted_is_named_and_left_out():
    total = Sum(Rates("EUR", []))
    total.add(euros("5.00"), date(2030, 1, 1))
    total.add(Money(Decimal(7), "JPY"), date(2030, 1, 1))
    total.add(None, date(2030, 1, 1))

    assert (total.total, total.unconverted) == (euros("5.00"), {"JPY"})
