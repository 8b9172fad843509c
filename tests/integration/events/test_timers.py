"""Timers fire once, in the order they were due, in a transaction of their own."""

import re
import threading
import types
import uuid
from datetime import UTC, datetime, timedelta

import eventlet
import pytest
import sqlalchemy as sa

from chassis.bus.scheduler import DELAYS, Scheduler
from chassis.clock import utc_now
from chassis.db import tables
from chassis.db.database import Database
from chassis.ids import new_id
from chassis.jobs import ENDED
from chassis.reactions import Permanent
from chassis.timers import NEVER, Timers, cancel, every, schedule, timer
from tests.kit.stack import ROOT

START = datetime(2030, 1, 15, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def module(*functions):
    made = types.ModuleType("handlers")
    for function in functions:
        setattr(made, function.__name__, function)
    return made


class World:
    """A database with timers and what they wrote."""

    def __init__(self, url):
        self.metadata = sa.MetaData()
        tables.attach(self.metadata)
        self.notes = sa.Table(
            "notes", self.metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("text", sa.String(80))
        )
        self.database = Database(url, self.metadata)
        self.metadata.create_all(self.database.engine)

    def scheduler(self, *functions):
        return Scheduler("cases", self.database, self.metadata, Timers.declared_in(module(*functions)))

    def schedule(self, at, key, kind="warn", **data):
        with self.database.write() as session:
            schedule(session, self.metadata, kind, at, key=key, data=data)

    def note(self, uow, text):
        uow.session.execute(sa.insert(self.notes), {"text": text})

    def written(self):
        with self.database.read() as session:
            return list(session.scalars(sa.select(self.notes.c.text).order_by(self.notes.c.id)))

    def rows(self):
        table = tables.timers(self.metadata)
        with self.database.read() as session:
            return session.execute(sa.select(table).order_by(table.c.due_at)).mappings().all()


@pytest.fixture
def world(database_url):
    made = World(database_url)
    yield made
    made.database.dispose()


@pytest.fixture
def warn(world):
    @timer("warn")
    def warn(uow, due):
        world.note(uow, f"{due.key} {due.data.get('share', '')}".strip())

    return warn


def test_a_timer_fires_when_it_is_due_and_not_before(world, warn, noon):
    scheduler = world.scheduler(warn)
    world.schedule(utc_now() + MINUTE, "case-1", share="75 %")
    assert scheduler.fire_due() == 0
    noon.advance(MINUTE)
    assert scheduler.fire_due() == 1
    assert world.written() == ["case-1 75 %"]
    assert world.rows() == []
    assert scheduler.fire_due() == 0


def test_scheduling_the_same_key_again_moves_the_timer_and_cancelling_forgets_it(world, warn, noon):
    scheduler = world.scheduler(warn)
    world.schedule(utc_now() + MINUTE, "case-1")
    world.schedule(utc_now() + 3 * MINUTE, "case-1")
    world.schedule(utc_now() + MINUTE, "case-2")
    with world.database.write() as session:
        cancel(session, world.metadata, "warn", "case-2")
    noon.advance(2 * MINUTE)
    assert scheduler.fire_due() == 0
    noon.advance(2 * MINUTE)
    assert scheduler.fire_due() == 1
    assert world.written() == ["case-1"]


def test_what_one_transaction_sets_and_forgets_is_done_in_that_order_and_with_its_commit(world, noon):
    def change(key, *steps, fails=False):
        with world.database.write() as session:
            for step in steps:
                if step == "forget":
                    cancel(session, world.metadata, "warn", key)
                else:
                    schedule(session, world.metadata, "warn", utc_now() + step * MINUTE, key=key, data={})
            if fails:
                raise RuntimeError

    change("forgotten", 1, "forget")
    change("set again", 1, "forget", 2, 3)
    change("kept", 4)
    with pytest.raises(RuntimeError):
        change("kept", "forget", fails=True)
    with pytest.raises(RuntimeError):
        change("undone", 1, fails=True)

    assert [(row["key"], row["due_at"] - utc_now()) for row in world.rows()] == [
        ("set again", 3 * MINUTE),
        ("kept", 4 * MINUTE),
    ]


def test_after_an_outage_what_is_overdue_fires_in_the_order_it_was_due(world, warn, noon):
    for minutes in (5, 1, 4, 2, 3):
        world.schedule(utc_now() + minutes * MINUTE, f"case-{minutes}")
    noon.advance(60 * MINUTE)
    scheduler = world.scheduler(warn)
    while scheduler.fire_due():
        pass
    assert world.written() == [f"case-{n}" for n in (1, 2, 3, 4, 5)]


def test_one_that_fails_does_not_stop_the_others_and_is_tried_again_with_growing_delay(world, noon):
    broken = [True]

    @timer("warn")
    def warn(uow, due):
        world.note(uow, due.key)
        if due.key == "bad" and broken[0]:
            raise RuntimeError("no luck")

    scheduler = world.scheduler(warn)
    for key in ("a", "bad", "c"):
        world.schedule(utc_now(), key)
        noon.advance(timedelta(seconds=1))
    while scheduler.fire_due():
        pass
    assert world.written() == ["a", "c"]
    (row,) = world.rows()
    assert (row["attempts"], row["last_error"]) == (1, "RuntimeError: no luck")
    assert row["due_at"] == utc_now() + DELAYS[0]
    noon.advance(DELAYS[0])
    scheduler.fire_due()
    assert world.rows()[0]["due_at"] == utc_now() + DELAYS[1]
    broken[0] = False
    noon.advance(DELAYS[1])
    scheduler.fire_due()
    assert world.written() == ["a", "c", "bad"]


def test_one_that_fails_to_the_end_is_left_with_its_error(world, noon):
    @timer("warn")
    def warn(uow, due):
        raise (RuntimeError if due.key == "slowly" else Permanent)("never")

    scheduler = world.scheduler(warn)
    world.schedule(utc_now(), "slowly")
    world.schedule(utc_now(), "at once")
    for _ in range(len(DELAYS) + 1):
        while scheduler.fire_due():
            pass
        noon.advance(timedelta(hours=2))
    assert [(row["due_at"], row["attempts"]) for row in sorted(world.rows(), key=lambda row: row["key"])] == [
        (NEVER, 1),
        (NEVER, len(DELAYS) + 1),
    ]
    assert scheduler.fire_due() == 0


def test_what_was_given_up_is_tried_again_as_the_runbook_says(world, noon):
    told = (ROOT / "docs/runbooks/timers-late.md").read_text(encoding="utf-8")
    [statement] = re.findall(r"`(UPDATE timers .+?)`", told.replace("\n", " "))
    broken = [True]

    @timer("warn")
    def warn(uow, due):
        if broken[0]:
            raise Permanent("never")
        world.note(uow, due.key)

    def follow_the_runbook():
        with world.database.write() as session:
            session.execute(sa.text(statement))
        noon.at(datetime.now(UTC) + MINUTE)

    scheduler = world.scheduler(warn)
    world.schedule(utc_now(), "a")
    while scheduler.fire_due():
        pass
    follow_the_runbook()
    assert scheduler.fire_due() == 1
    assert [(row["due_at"], row["attempts"]) for row in world.rows()] == [(NEVER, 1)]
    broken[0] = False
    follow_the_runbook()
    assert scheduler.fire_due() == 1
    assert (world.written(), world.rows()) == (["a"], [])


def test_what_recurs_fires_once_after_an_outage_and_then_at_its_interval(world, noon):
    @every(timedelta(minutes=10), "tidy")
    def tidy(uow):
        world.note(uow, "tidied")

    scheduler = world.scheduler(tidy)
    scheduler._prepare()
    scheduler._prepare()
    scheduler.fire_due()
    assert world.written() == ["tidied"]
    noon.advance(timedelta(hours=5))
    scheduler.fire_due()
    assert world.written() == ["tidied"] * 2
    noon.advance(9 * MINUTE)
    assert scheduler.fire_due() == 0
    noon.advance(MINUTE)
    scheduler.fire_due()
    assert world.written() == ["tidied"] * 3


def test_old_notes_are_forgotten_by_themselves(world, noon):
    inbox, keys = tables.inbox(world.metadata), tables.idempotency_keys(world.metadata)
    scheduler = world.scheduler()
    scheduler._prepare()
    with world.database.write() as session:
        for days in (1, 15):
            row = {"consumer": "x", "event_id": uuid.UUID(int=days)}
            session.execute(sa.insert(inbox), {**row, "processed_at": utc_now() - timedelta(days=days)})
            key = {"principal": "u", "key": str(days), "method": "m", "request_hash": "h"}
            session.execute(sa.insert(keys), {**key, "created_at": utc_now() - timedelta(days=days * 1.5)})
    scheduler.fire_due()
    with world.database.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(inbox)) == 1
        assert list(session.scalars(sa.select(keys.c.key))) == ["1"]


def test_jobs_are_forgotten_thirty_days_after_their_end_and_never_before_it(world, noon):
    jobs = tables.jobs(world.metadata)
    scheduler = world.scheduler()
    scheduler._prepare()
    with world.database.write() as session:
        for state in ("done", "failed", "cancelled", "running", "queued"):
            for days in (29, 31):
                ended = utc_now() - timedelta(days=days) if state in ENDED else None
                row = {"id": new_id(), "kind": f"{state}-{days}", "state": state, "data": {}, "call": {}}
                row |= {"created_at": utc_now() - timedelta(days=90), "finished_at": ended}
                session.execute(sa.insert(jobs), row)
    scheduler.fire_due()
    with world.database.read() as session:
        left = set(session.scalars(sa.select(jobs.c.kind)))
    assert left == {"done-29", "failed-29", "cancelled-29", "running-29", "running-31", "queued-29", "queued-31"}


def test_several_schedulers_share_the_work_and_nothing_fires_twice(world, warn):
    for number in range(60):
        world.schedule(utc_now(), f"case-{number}")
    schedulers = [world.scheduler(warn) for _ in range(3)]

    def work(scheduler):
        while scheduler.fire_due():
            eventlet.sleep(0)

    threads = [threading.Thread(target=work, args=(each,)) for each in schedulers]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(world.written()) == sorted(f"case-{n}" for n in range(60))


def test_the_scheduler_wakes_for_what_a_commit_scheduled(world, warn, monkeypatch):
    monkeypatch.setattr("chassis.bus.scheduler.LONGEST_SLEEP", 300.0)
    scheduler = world.scheduler(warn)
    thread = eventlet.spawn(scheduler.run)
    eventlet.sleep(0.5)
    at = utc_now() + timedelta(milliseconds=300)
    world.schedule(at, "soon")
    with eventlet.Timeout(60):
        while not world.written():
            eventlet.sleep(0.01)
    assert utc_now() >= at
    scheduler.stop()
    thread.wait()


def test_what_is_scheduled_while_the_scheduler_looks_is_not_overslept(world, warn, monkeypatch):
    monkeypatch.setattr("chassis.bus.scheduler.LONGEST_SLEEP", 300.0)
    world.schedule(utc_now(), "first")
    scheduler, looks = world.scheduler(warn), []

    def have_looked(_connection, _cursor, statement, *_):
        if statement.startswith("SELECT timers.due_at"):
            looks.append(statement)
            if len(looks) == 2:  # the first look finds what is due, this one that nothing else is
                world.schedule(utc_now() + timedelta(milliseconds=300), "soon")

    sa.event.listen(world.database.engine, "after_cursor_execute", have_looked)
    thread = eventlet.spawn(scheduler.run)
    with eventlet.Timeout(60):
        while world.written() != ["first", "soon"]:
            eventlet.sleep(0.01)
    scheduler.stop()
    thread.wait()


def test_what_was_scheduled_in_a_transaction_that_fails_never_fires(world, warn, noon):
    def scheduled_in_vain():
        with world.database.write() as session:
            schedule(session, world.metadata, "warn", utc_now(), key="never", data={})
            raise RuntimeError("rolled back")

    with pytest.raises(RuntimeError, match="rolled back"):
        scheduled_in_vain()
    assert world.scheduler(warn).fire_due() == 0
