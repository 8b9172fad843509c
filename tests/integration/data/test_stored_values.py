from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import StatementError

from chassis.money import Money
from tests.integration.data.sample import Address, EmailAddress, Kind, Person, person


def stored(work, database, **attributes) -> Person:
    with work() as uow:
        id_ = uow.add(person(**attributes)).id
    with database.read() as session:
        return session.scalars(sa.select(Person).where(Person.id == id_)).one()


def test_every_kind_comes_back_as_it_went_in(work, database):
    given = {
        "born_on": date(1980, 2, 29),
        "met_at": datetime(2026, 1, 31, 9, 30, tzinfo=timezone(timedelta(hours=2))),
        "share": Decimal("12.5"),
        "weight": Decimal("-3.1415"),
        "emails": [EmailAddress("a@b.es", Kind.HOME, "ñ")],
        "tags": ["vip", "café"],
        "address": Address("Calle Mayor 1", since=date(2001, 1, 1), deposit=Money(Decimal(5), "JPY")),
        "worth": Money(Decimal("0.10"), "EUR"),
        "custom": {},
    }
    found = stored(work, database, **given)
    assert {name: getattr(found, name) for name in given} == given
    assert found.met_at.tzinfo is UTC
    assert found.version == 1


def test_decimals_are_exact_and_add_up_exactly_in_sql(work, database):
    with work() as uow:
        for _ in range(10):
            uow.add(person(fee=Money(Decimal("0.10"), "EUR"), weight=Decimal("99999999999999.9999")))
    fee, weight = Person.__table__.c.fee_amount, Person.__table__.c.weight
    with database.read() as session:
        total, tripled, largest = session.execute(
            sa.select(sa.func.sum(fee), sa.func.max(fee) * 3, sa.func.max(weight))
        ).one()
        assert (total, tripled, largest) == (Decimal("1.00"), Decimal("0.30"), Decimal("99999999999999.9999"))
        assert session.scalar(sa.select(sa.func.count()).where(fee >= Decimal("0.10"))) == 10
        assert session.scalar(sa.select(sa.func.count()).where(fee > Decimal("0.1"))) == 0


def test_a_decimal_with_more_places_than_its_column_is_refused_not_rounded(work):
    with pytest.raises(StatementError, match="decimal places"), work() as uow:
        uow.add(person(weight=Decimal("0.00001")))


def test_money_that_is_not_given_is_none_and_money_that_must_be_is_not_null(work, database):
    assert stored(work, database).worth is None
    columns = Person.__table__.c
    assert columns.worth_amount.nullable
    assert not columns.fee_amount.nullable


def test_a_stored_list_refuses_changes_that_would_not_be_saved(work, database):
    found = stored(work, database, emails=[EmailAddress("a@b.es")], tags=["x"])
    with pytest.raises(TypeError, match="assign a new list"):
        found.emails.append(EmailAddress("c@d.es"))
    with pytest.raises(TypeError):
        found.custom["a"] = 1
    assert [*found.tags, "y"] == ["x", "y"]


def test_a_naive_instant_is_refused(work):
    with pytest.raises(StatementError, match="time zone"), work() as uow:
        uow.add(person(met_at=datetime(2026, 1, 1)))  # noqa: DTZ001 - that is the point


def test_a_value_object_of_an_older_shape_is_read_with_todays_defaults(work, database):
    with work() as uow:
        id_ = uow.add(person(address=Address("x"))).id
    table = Person.__table__
    with database.write() as session:
        raw = (
            sa.update(table)
            .where(table.c.id == id_)
            .values(address=sa.type_coerce({"street": "y", "gone": 1}, sa.JSON()))
        )
        session.execute(raw)
    with database.read() as session:
        assert session.scalars(sa.select(Person)).one().address == Address("y")
