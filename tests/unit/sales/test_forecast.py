from datetime import date
from decimal import Decimal

from chassis.money import Money
from services.sales.domain.forecast import Entry, forecast_of, rolled_up
from services.sales.domain.opportunity_state import ForecastCategory

TODAY = date(2030, 1, 15)


def euros(amount):
    return Money(Decimal(amount), "EUR")


def entry(category, amount, day=TODAY, **more):
    return Entry(
        **{
            "category": ForecastCategory(category),
            "amount": euros(amount),
            "probability": Decimal(50),
            "day": day,
            "owner_id": None,
            **more,
        }
    )


def forecast(entries, *, move_stale=False, from_on=None, to_on=None):
    return forecast_of(
        entries,
        currency="EUR",
        from_on=from_on,
        to_on=to_on,
        today=TODAY,
        move_stale=move_stale,
        unconverted=(),
    )


def test_the_roll_up_of_the_book_example():
    found = rolled_up(
        [entry("closed", 50), entry("commit", 100), entry("best_case", 150), entry("pipeline", 200)], "EUR"
    )

    assert found.closed == euros(50)
    assert found.commit_forecast == euros(150)
    assert found.best_case_forecast == euros(300)
    assert found.open_pipeline == euros(450)


def test_what_is_omitted_is_never_in_it():
    found = forecast([entry("omitted", 999), entry("commit", 1)])

    assert (found.total.count, found.total.best_case_forecast) == (1, euros(1))


def test_what_is_weighted_is_the_amount_times_the_probability():
    entries = [entry("closed", 100, probability=Decimal(100)), entry("pipeline", "0.25", probability=Decimal(10))]

    assert rolled_up(entries, "EUR").weighted == euros("100.02")


def test_stale_ones_are_shown_apart_and_counted_in_their_month_or_the_present_one():
    late = entry("commit", 70, date(2029, 11, 30), stale=True)
    entries = [late, entry("commit", 30)]

    counted, moved = forecast(entries), forecast(entries, move_stale=True)

    assert counted.stale.commit == moved.stale.commit == euros(70)
    assert [(each.month, each.rollup.commit) for each in counted.months] == [
        ("2029-11", euros(70)),
        ("2030-01", euros(30)),
    ]
    assert [(each.month, each.rollup.commit) for each in moved.months] == [("2030-01", euros(100))]


def test_only_the_days_that_were_asked_for_count_and_undated_ones_stand_apart():
    days = [date(2030, 1, 1), date(2030, 1, 31), date(2030, 2, 1), None]

    found = forecast([entry("pipeline", 10, day) for day in days], from_on=date(2030, 1, 1), to_on=date(2030, 1, 31))

    assert (found.total.pipeline, found.undated.pipeline) == (euros(20), euros(10))
