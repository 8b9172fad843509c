import uuid
from datetime import date

import pytest
import sqlalchemy as sa

from chassis.clock import utc_now
from chassis.context import Actor, Call
from chassis.db.nested import nested
from chassis.db.paging import PageRequest
from chassis.db.prepared import Prepared, run
from chassis.errors import NotFound, PermissionDenied
from chassis.schema import dump
from chassis.unit_of_work import UnitOfWork
from chassis.views import View
from tests.integration.data.conftest import ANA
from tests.integration.data.sample import (
    PERSON_FILTERS,
    Address,
    Base,
    EmailAddress,
    Kind,
    Person,
    PersonSchema,
    person,
)

PEOPLE = View(Person)


@pytest.fixture
def looking(database):
    """Return what asks with a fresh session that only looks."""

    def ask(question, by: Actor = ANA):
        with database.read() as session:
            return question(UnitOfWork(session, Base.metadata, Call(actor=by), "people:read"))

    return ask


def test_a_view_shows_what_the_record_would(database, work, looking):
    with work() as uow:
        kept = uow.add(
            person(
                born_on=date(1990, 2, 3),
                kind=Kind.HOME,
                emails=[EmailAddress("ana@example.com"), EmailAddress("a@example.com", Kind.HOME, "rarely")],
                tags=["100 %"],
                address=Address("Gran Vía 1", since=date(2020, 1, 1)),
                owner_id=ANA.user_id,
            )
        )
    seen = looking(lambda uow: PEOPLE.one(uow, kept.id))
    record = looking(lambda uow: uow.get(Person, kept.id))
    shown = dump(PersonSchema, record)
    assert dump(PersonSchema, seen) == {name: value for name, value in shown.items() if name != "full_name"}
    assert seen["fee"] == record.fee
    assert seen["worth"] is None


def test_a_view_shows_only_what_is_in_reach(work, looking):
    team, other = uuid.uuid4(), uuid.uuid4()
    with work() as uow:
        mine = uow.add(person("Mía", owner_id=ANA.user_id)).id
        ours = uow.add(person("Nuestra", owner_id=other, group_id=team)).id
        theirs = uow.add(person("Suya", owner_id=other, group_id=other)).id
        gone = uow.add(person("Borrada", owner_id=ANA.user_id))
        uow.flush()
        uow.remove(gone)
    reach = {"own": {mine}, "team": {mine, ours}, "all": {mine, ours, theirs}}
    for scope, expected in reach.items():
        by = Actor(user_id=ANA.user_id, teams=frozenset({team, uuid.uuid4()}), permissions={"people:read": scope})
        for id_ in (mine, ours, theirs, gone.id):
            if id_ in expected:
                assert looking(lambda uow, id_=id_: PEOPLE.one(uow, id_), by)["id"] == id_
            else:
                with pytest.raises(NotFound):
                    looking(lambda uow, id_=id_: PEOPLE.one(uow, id_), by)
        for params in ({}, {"sort": "first_name", "limit": "2"}, {"q": "mia"}, {"q": "mia", "active": "true"}):
            page = PageRequest.parse(params, PERSON_FILTERS, secret="s" * 32)
            found = {each["id"] for each in looking(lambda uow, page=page: PEOPLE.page(uow, page), by).items}
            assert found <= expected
    with pytest.raises(PermissionDenied):
        looking(lambda uow: PEOPLE.one(uow, mine), Actor(user_id=ANA.user_id))


def test_views_are_paged_sorted_and_searched(work, looking):
    with work() as uow:
        for number in range(7):
            uow.add(person("Ana", last_name=f"Ruiz {number}"))
    for params in ({"sort": "-last_name"}, {"q": "ruiz"}):
        names, cursor = [], None
        while True:
            asked = {**params, "limit": "3", **({"cursor": cursor} if cursor else {})}
            page = looking(lambda uow, a=asked: PEOPLE.page(uow, PageRequest.parse(a, PERSON_FILTERS, secret="s" * 32)))
            names += [each["last_name"] for each in page.items]
            cursor = page.next_cursor
            if cursor is None:
                break
        assert sorted(names) == [f"Ruiz {number}" for number in range(7)]
    mistyped = PageRequest.parse({"q": "ruis"}, PERSON_FILTERS, secret="s" * 32)
    assert len(looking(lambda uow: PEOPLE.page(uow, mistyped)).items) == 7


def test_a_nested_list_comes_in_its_order_with_its_types(work, looking):
    other = sa.orm.aliased(Person)
    reports = sa.select(
        other.first_name.label("street"),
        sa.cast(None, sa.String).label("city"),
        sa.literal("ES").label("country"),
        other.born_on.label("since"),
        sa.cast(None, sa.String).label("deposit"),
    ).where(other.manager_id == Person.id)
    view = View(Person, reports=nested(Address, reports.order_by(other.first_name.desc()), of=Person))
    with work() as uow:
        boss = uow.add(person("Jefa"))
        for name in ("Ana", "Luis"):
            uow.add(person(name, manager_id=boss.id, born_on=date(1990, 1, 1)))
    assert looking(lambda uow: view.one(uow, boss.id))["reports"] == [
        Address("Luis", since=date(1990, 1, 1)),
        Address("Ana", since=date(1990, 1, 1)),
    ]
    page = PageRequest.parse({"sort": "first_name"}, PERSON_FILTERS, secret="s" * 32)
    assert [len(each["reports"]) for each in looking(lambda uow: view.page(uow, page)).items] == [0, 2, 0]


def test_what_is_pending_is_seen_by_a_prepared_question(work):
    with work() as uow:
        id_ = uow.add(person()).id
        assert PEOPLE.one(uow, id_)["first_name"] == "Ana"


def test_a_prepared_insert_is_refused_like_any_other(database):
    table = Base.metadata.tables["inbox"]
    row = {"consumer": "c", "event_id": uuid.uuid4(), "processed_at": utc_now()}
    insert = Prepared(sa.insert(table), row)
    with pytest.raises(sa.exc.IntegrityError), database.write() as session:
        run(session, [(insert, row), (insert, row)])
    with database.write() as session:
        run(session, [(insert, row)])


@pytest.mark.parametrize("trouble", ["restart", "migration"])
def test_a_prepared_question_outlives(database, work, looking, trouble):
    if database.dialect != "postgresql":
        pytest.skip("nothing stays planned on SQLite")
    with work() as uow:
        id_ = uow.add(person()).id
    assert looking(lambda uow: PEOPLE.one(uow, id_))["id"] == id_
    other = sa.create_engine(database.url, isolation_level="AUTOCOMMIT")
    with other.connect() as connection:
        if trouble == "restart":
            connection.exec_driver_sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        else:
            connection.exec_driver_sql("ALTER TABLE sample_people ALTER COLUMN last_name TYPE text")
    other.dispose()
    for _ in range(3):
        assert looking(lambda uow: PEOPLE.one(uow, id_))["id"] == id_
