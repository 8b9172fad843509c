"""Timers ring while jobs and people change the same cases: the database never has to throw anybody out."""

import threading
import time
import uuid
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from chassis import following
from chassis.bus.scheduler import Scheduler
from chassis.clock import utc_now
from chassis.context import SYSTEM, Call
from chassis.db import tables
from chassis.ids import new_id
from chassis.ops import discovery
from chassis.timers import Timers
from chassis.unit_of_work import UnitOfWork
from services.cases.commands import recalculation, sla, surveys
from services.cases.domain.case import Case
from services.cases.queries import clocks
from tests.factories import cases as make

SECONDS = 5
ANA, ANNA = "0190f3a0-0000-7000-8000-000000000001", "0190f3a0-0000-7000-8000-000000000002"


@pytest.fixture
def made(cases, standard, workflow, clock):
    """The ids of some cases of one person."""
    return [uuid.UUID(cases.ask("create_case", data=make.case_data(person_id=ANA)).body["id"]) for _ in range(24)]


@pytest.fixture
def scheduler(cases):
    found = discovery.load("cases")
    return Scheduler("cases", cases.database, found.metadata, Timers.declared_in(found.handlers))


@pytest.fixture
def deadlocks(cases):
    """How many deadlocks the database has ended so far by throwing somebody out."""

    def count():
        if cases.database.dialect == "sqlite":
            return 0
        cases.database.dispose()  # what a connection met is known to all when it is closed
        others = (
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
        asked = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
        end = time.monotonic() + 60
        while True:
            with cases.database.read() as session:
                if not session.scalar(sa.text(others)):
                    return session.scalar(sa.text(asked))
            assert time.monotonic() < end, "somebody stays connected"
            time.sleep(0.05)

    return count


@contextmanager
def _working(cases):
    with cases.database.write() as session:
        uow = UnitOfWork(session, cases.database.metadata, Call(actor=SYSTEM, request_id="r"))
        yield uow
        uow.flush()


def _again_and_again(enough, *works):
    """Do all of these at the same time for some seconds, and until it is enough; return what anybody of them met."""
    began, failed = time.monotonic(), []

    def goes_on():
        spent = time.monotonic() - began
        return spent < SECONDS or (not enough() and spent < 60)

    def go_on(work):
        while goes_on():
            try:
                work()
                time.sleep(0.02)  # the one writer of SQLite stands in no queue
            except Exception as error:  # noqa: BLE001 - which one it is does not matter here
                failed.append(error)
                return

    threads = [threading.Thread(target=go_on, args=(work,)) for work in works]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return failed


@pytest.mark.parametrize("kind", [sla.ALARM, surveys.SEND])
def test_a_timer_of_a_case_that_somebody_changes_is_left_to_them_and_fires_after_them(
    cases, made, scheduler, deadlocks, kind
):
    if cases.database.dialect == "sqlite":
        pytest.skip("has one writer")
    before = deadlocks()
    for each in made[:2]:
        with _working(cases) as uow:
            uow.schedule(kind, utc_now(), key=str(each))

    with _working(cases) as uow:
        clocks.of_cases(uow, made[:1])
        firing = threading.Thread(target=scheduler.fire_due)
        firing.start()
        firing.join(60)  # it does not wait for us
        uow.schedule(kind, utc_now(), key=str(made[0]))
    firing.join()

    assert scheduler.fire_due() == 1
    assert scheduler.fire_due() == 0
    assert deadlocks() == before


def test_a_merged_customer_is_followed_in_the_order_in_which_everybody_takes_cases(cases, made, deadlocks):
    if cases.database.dialect == "sqlite":
        pytest.skip("has one writer")
    before = deadlocks()
    for each in reversed(made):  # as PostgreSQL finds them now, the last comes first
        with _working(cases) as uow:
            uow.session.execute(sa.update(Case).where(Case.id == each).values(resolver_id=each))

    def follow():
        with _working(cases) as uow:
            following.follow(uow, new_id(), [uuid.UUID(ANA)], uuid.UUID(ANNA))

    following_it = threading.Thread(target=follow)
    with _working(cases) as uow:
        clocks.of_cases(uow, made[:1])
        following_it.start()
        time.sleep(0.3)
        clocks.of_cases(uow, made[1:])
    following_it.join()

    assert deadlocks() == before
    shown = cases.ask("list_cases", params={"person_id": ANNA, "limit": "200"}).body["items"]
    assert len(shown) == len(made)


def test_a_timer_of_a_case_that_is_not_there_fails_and_holds_up_nobody(cases, made, scheduler, fire):
    with _working(cases) as uow:
        for key in ("no id", str(uuid.uuid4()), str(made[0])):
            uow.schedule(sla.ALARM, utc_now(), key=key)

    assert fire() == 3
    table = tables.timers(cases.database.metadata)
    with cases.database.read() as session:
        kept = {row.key: row.last_error for row in session.execute(sa.select(table.c.key, table.c.last_error))}
    assert kept.pop("no id").startswith("ValueError")
    assert [error for key, error in kept.items() if error] == [
        "NotFound: There is nothing by that id that you may see."
    ]
    assert kept[str(made[0])] is None


def test_alarms_jobs_and_merged_customers_of_the_same_cases_again_and_again(cases, madrid, made, scheduler, deadlocks):
    rounds = {"changed": 0, "fired": 0, "merged": 0}
    before = deadlocks()

    def have_all_ring():
        with _working(cases) as uow:
            for case, _ in clocks.of_cases(uow, made):
                uow.schedule(sla.ALARM, utc_now(), key=str(case.id))

    def change_the_hours():
        rounds["changed"] += 1
        opens = ("07:00", "08:00")[rounds["changed"] % 2]
        windows = [{"opens": opens, "closes": "24:00"}]
        day = {"starts_on": "2026-03-02", "ends_on": "2026-03-02", "windows": windows}
        version = cases.ask("get_calendar", madrid["id"]).body["version"]
        cases.ask("update_calendar", madrid["id"], data={"exceptions": [day]}, version=version)
        with _working(cases) as uow:
            recalculation.recalculate(uow, uuid.UUID(madrid["id"]), made)

    def fire():
        rounds["fired"] += scheduler.fire_due()

    def merge_the_customer():
        merge_id = new_id()
        rounds["merged"] += 1
        with _working(cases) as uow:
            following.follow(uow, merge_id, [uuid.UUID(ANA)], uuid.UUID(ANNA))
        with _working(cases) as uow:
            following.unfollow(uow, merge_id, [uuid.UUID(ANA)])

    def enough():
        return min(rounds.values()) > 0

    assert _again_and_again(enough, have_all_ring, change_the_hours, fire, merge_the_customer) == []
    assert deadlocks() == before
    assert enough()
