import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa

from chassis.db.filters import filters_for, where
from chassis.db.paging import PageRequest
from chassis.errors import ValidationFailed
from chassis.fields import Name
from chassis.money import Money
from tests.integration.data.sample import PERSON_FILTERS, Kind, Person, person

SECRET = "s" * 32


def ask(session, params=None, filters=PERSON_FILTERS, **options):
    request = PageRequest.parse(params or {}, filters, secret=SECRET, **options)
    return request.apply(sa.select(Person), session)


def names(page) -> list[str]:
    return [found.first_name for found in page.items]


def walk(session, params) -> list[str]:
    seen, cursor = [], None
    while True:
        page = ask(session, {**params, **({"cursor": cursor} if cursor else {})})
        seen += names(page)
        assert len(page.items) <= int(params["limit"])
        if page.next_cursor is None:
            return seen
        cursor = page.next_cursor


@pytest.fixture
def people(work):
    dice = random.Random(4)
    with work() as uow:
        for number in range(23):
            uow.add(
                person(
                    f"P{number:02}",
                    rank=dice.choice([None, 1, 2, 3]),
                    born_on=dice.choice([None, date(1990, 1, 1), date(1991, 1, 1)]),
                    kind=dice.choice(list(Kind)),
                    share=dice.choice([None, Decimal("12.5"), Decimal(50)]),
                    fee=Money(Decimal(number), "EUR"),
                    met_at=datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=number),
                )
            )


@pytest.mark.parametrize(
    "sort",
    [
        "first_name",
        "-first_name",
        "rank",
        "-rank",
        "rank,-born_on",
        "-rank,born_on,kind",
        "share,-met_at",
        "fee",
        "-fee,rank",
        "-id",
    ],
)
def test_pages_together_are_the_whole_list_in_order_whatever_the_sorting(people, database, sort):
    with database.read() as session:
        whole = names(ask(session, {"sort": sort, "limit": "200"}))
        for limit in ("1", "4", "10"):
            assert walk(session, {"sort": sort, "limit": limit}) == whole
        assert sorted(whole) == [f"P{number:02}" for number in range(23)]


def test_nulls_come_last_in_both_directions(people, database):
    with database.read() as session:
        for sort in ("rank", "-rank"):
            ranks = [found.rank for found in ask(session, {"sort": sort}).items]
            given = [rank for rank in ranks if rank is not None]
            assert ranks[len(given) :] == [None] * (23 - len(given))
            assert given == sorted(given, reverse=sort == "-rank")


def test_the_newest_comes_first_where_nobody_sorts(people, database):
    with database.read() as session:
        assert names(ask(session, {"limit": "2"})) == ["P22", "P21"]


def test_a_page_is_stable_while_rows_come_and_go(people, database, work):
    with database.read() as session:
        first = ask(session, {"sort": "first_name", "limit": "5"})
    with work() as uow:
        uow.add(person("P00a"))
        uow.session.delete(uow.get(Person, first.items[2].id))
    with database.read() as session:
        second = ask(session, {"sort": "first_name", "limit": "5", "cursor": first.next_cursor})
    assert names(second) == ["P05", "P06", "P07", "P08", "P09"]


def test_the_total_is_counted_on_request_only(people, database):
    with database.read() as session:
        assert ask(session, {"limit": "5"}).total is None
        assert ask(session, {"limit": "5", "count": "true"}).total == 23
        assert ask(session, {"limit": "5", "count": "true", "rank": "1"}).total == len(
            ask(session, {"rank": "1"}).items
        )


@pytest.mark.parametrize(
    "change", [{"sort": "-first_name"}, {"kind": "home"}, {"count": "maybe"}, {"cursor": "x"}, {"cursor": "ñ"}]
)
def test_a_cursor_of_another_question_or_a_forged_one_is_refused(people, database, change):
    with database.read() as session:
        cursor = ask(session, {"sort": "first_name", "limit": "5"}).next_cursor
        with pytest.raises(ValidationFailed) as refusal:
            ask(session, {"sort": "first_name", "limit": "5", "cursor": cursor, **change})
        assert [error["parameter"] for error in refusal.value.params["errors"]] in (["cursor"], ["count"])
        with pytest.raises(ValidationFailed):
            ask(session, {"sort": "first_name", "cursor": cursor[:-2] + ("AA" if cursor[-2:] != "AA" else "BB")})


def test_a_cursor_of_another_installation_is_refused(people, database):
    with database.read() as session:
        cursor = ask(session, {"limit": "5"}).next_cursor
        with pytest.raises(ValidationFailed):
            PageRequest.parse({"limit": "5", "cursor": cursor}, PERSON_FILTERS, secret="t" * 32)


@pytest.mark.parametrize(
    ("params", "parameter"),
    [
        ({"nothing": "1"}, "nothing"),
        ({"secret": "1"}, "secret"),
        ({"password": "1"}, "password"),
        ({"limit": "0"}, "limit"),
        ({"limit": "201"}, "limit"),
        ({"limit": "ten"}, "limit"),
        ({"sort": "secret"}, "sort"),
        ({"sort": "rank,-rank"}, "sort"),
        ({"rank": "x"}, "rank"),
        ({"rank_contains": "1"}, "rank_contains"),
        ({"born_on_gte": "2026-13-01"}, "born_on_gte"),
        ({"kind": "school"}, "kind"),
        ({"active": "1"}, "active"),
        ({"rank": ["1", "2"]}, "rank"),
        ({"met_at_gte": "2026-01-01"}, "met_at_gte"),
        ({"custom.a b": "1"}, "custom.a b"),
    ],
)
def test_a_parameter_that_is_not_understood_is_named(params, parameter):
    for locale in ("en", "es"):
        with pytest.raises(ValidationFailed) as refusal:
            PageRequest.parse(params, PERSON_FILTERS, secret=SECRET, locale=locale)
        (error,) = refusal.value.params["errors"]
        assert error["parameter"] == parameter


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"first_name": "B"}, {"B"}),
        ({"first_name_ne": "B"}, {"A", "C%_"}),
        ({"first_name_in": "A,B"}, {"A", "B"}),
        ({"first_name_contains": "%"}, {"C%_"}),
        ({"first_name_starts_with": "c"}, {"C%_"}),
        ({"rank_gte": "2"}, {"B"}),
        ({"rank_lt": "2"}, {"A"}),
        ({"rank_is_null": "true"}, {"C%_"}),
        ({"rank_is_null": "false"}, {"A", "B"}),
        ({"rank_ne": "1"}, {"B", "C%_"}),
        ({"active": "false"}, {"B"}),
        ({"kind": "home"}, {"B"}),
        ({"share_gt": "12.5"}, {"B"}),
        ({"share": "12.50"}, {"A"}),
        ({"fee_amount_lte": "1"}, {"A"}),
        ({"fee_currency": "usd"}, {"B"}),
        ({"born_on_lt": "1991-01-01"}, {"A"}),
        ({"met_at_gte": "2026-01-01T12:00:00+02:00"}, {"B"}),
        ({"email": "Eva@EXAMPLE.com"}, {"B"}),
    ],
)
def test_filters_read_each_kind_of_value(work, database, params, expected):
    with work() as uow:
        uow.add(
            person(
                "A", rank=1, share=Decimal("12.5"), born_on=date(1990, 5, 5), met_at=datetime(2026, 1, 1, 9, tzinfo=UTC)
            )
        )
        later = datetime(2026, 1, 1, 10, 0, 1, tzinfo=UTC)
        fee = Money(Decimal(2), "USD")
        uow.add(
            person(
                "B",
                rank=2,
                share=Decimal(20),
                active=False,
                kind=Kind.HOME,
                fee=fee,
                met_at=later,
                email="Eva@example.com",
            )
        )
        uow.add(person("C%_", fee=Money(Decimal(3), "EUR")))
    with database.read() as session:
        assert set(names(ask(session, params))) == expected


def test_a_filter_that_is_no_column_and_another_column_to_sort_by(people, database):
    filters = filters_for(
        Person,
        sort_as={"first_name": Person.__table__.c.fee_amount},
        exclude=["rank"],
        like=where(Name, Person.first_name.contains),
    )
    with database.read() as session:
        assert names(ask(session, {"like": "P1", "sort": "first_name"}, filters))[0] == "P10"
        with pytest.raises(ValidationFailed):
            ask(session, {"rank": "1"}, filters)


def tree(session, filter_, **rest):
    request = PageRequest.parse(
        {}, PERSON_FILTERS, secret=SECRET, body={"filter": filter_, "sort": ["first_name"], **rest}
    )
    return names(request.apply(sa.select(Person), session))


def test_a_tree_of_conditions(people, database):
    def leaf(field, op, value):
        return {"field": field, "op": op, "value": value}

    with database.read() as session:
        low = {"or": [leaf("fee_amount", "lte", "2"), leaf("fee_amount", "gte", "21")]}
        assert tree(session, low) == ["P00", "P01", "P02", "P21", "P22"]
        assert tree(session, {"and": [low, {"not": leaf("first_name", "in", ["P00", "P22"])}]}) == ["P01", "P02", "P21"]
        ranked = set(tree(session, leaf("rank", "eq", 1)))
        assert set(tree(session, {"not": leaf("rank", "eq", 1)})) == {f"P{n:02}" for n in range(23)} - ranked
        assert tree(session, {"and": []}, limit=3) == ["P00", "P01", "P02"]
        assert tree(session, {"or": []}) == []
        assert tree(session, None, limit=1, cursor=None) == ["P00"]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"filter": {"and": [{"field": "rank", "op": "eq", "value": "1"}]}}, "/filter/and/0/value"),
        ({"filter": {"not": {"field": "secret", "op": "eq", "value": 1}}}, "/filter/not/field"),
        ({"filter": {"field": "rank", "op": "contains", "value": "1"}}, "/filter/op"),
        ({"filter": {"and": [], "or": []}}, "/filter"),
        ({"filter": {"or": ["x"]}}, "/filter/or/0"),
        ({"filter": {"field": "rank", "op": "in", "value": [1, "x"]}}, "/filter/value"),
        ({"filter": 3}, "/filter"),
        ({"sort": "rank"}, "/sort"),
        ({"limit": "5"}, "/limit"),
        ({"what": 1}, "/what"),
    ],
)
def test_what_is_wrong_in_a_tree_is_pointed_at(body, pointer):
    with pytest.raises(ValidationFailed) as refusal:
        PageRequest.parse({}, PERSON_FILTERS, secret=SECRET, body=body)
    assert [error["pointer"] for error in refusal.value.params["errors"]] == [pointer]


def test_a_tree_has_bounds():
    deep: dict = {"field": "rank", "op": "eq", "value": 1}
    leaf = dict(deep)
    for _ in range(9):
        deep = {"not": deep}
    wide = {"and": [{"or": [leaf] * 60}, {"or": [leaf] * 60}]}
    for filter_ in (deep, wide, {"and": [leaf] * 101}):
        with pytest.raises(ValidationFailed):
            PageRequest.parse({}, PERSON_FILTERS, secret=SECRET, body={"filter": filter_})
