"""Background jobs on a real database: queued with the change, done once, resumed, cancelled, given up."""

import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from chassis import clock, jobs
from chassis.context import Actor, Call
from chassis.db import job_queue, tables
from chassis.db.database import Database
from chassis.db.job_queue import JobQueue
from chassis.errors import Conflict, NotFound
from chassis.ids import new_id
from chassis.ops.job_runner import JobRunner

USER = new_id()
CALL = Call(actor=Actor(user_id=USER, permissions={"people:read": "own"}), request_id="req-1", locale="es")


class TooFewPeople(Conflict):
    """There are only {n} people."""

    slug = "too-few-people"
    es = "Solo hay {n} personas."


@pytest.fixture(autouse=True)
def _no_delay(monkeypatch):
    monkeypatch.setattr(job_queue, "_DELAYS", (0,))


@pytest.fixture
def metadata():
    metadata = sa.MetaData()
    tables.attach(metadata)
    sa.Table("effects", metadata, sa.Column("n", sa.Integer))
    return metadata


@pytest.fixture
def database(database_url, metadata):
    database = Database(database_url, metadata)
    metadata.create_all(database.engine)
    yield database
    database.dispose()


@pytest.fixture
def start(database, metadata):
    runners = []

    def begin(**functions):
        runner = JobRunner("test", database, metadata, functions)
        runner.start()
        runners.append(runner)
        return runner

    yield begin
    for runner in runners:
        runner.stop(60)


@pytest.fixture
def queue(database, metadata):
    def put(kind, data=None):
        with database.write() as session:
            return jobs.enqueue(session, metadata, kind, data or {}, CALL)

    return put


@pytest.fixture
def look(database, metadata):
    def read(id_):
        with database.read() as session:
            return jobs.read(session, metadata, id_)

    return read


@pytest.fixture
def until(look):
    def wait(id_, *states, seconds=60.0):
        end = time.monotonic() + seconds
        while (found := look(id_)).state not in states:
            assert time.monotonic() < end, f"still {found.state}: {found.error}"
            time.sleep(0.02)
        return found

    return wait


@pytest.fixture
def effects(database, metadata):
    def rows():
        with database.read() as session:
            return sorted(session.scalars(sa.select(metadata.tables["effects"].c.n)))

    return rows


def effect(metadata, n):
    return sa.insert(metadata.tables["effects"]).values(n=n)


def test_a_job_is_done_and_its_result_kept(start, queue, until):
    start(sum=lambda run: {"sum": sum(run.data["numbers"])})
    found = until(queue("sum", {"numbers": [1, 2, 3]}), "done")
    assert found.result == {"sum": 6}
    assert found.error is None
    assert found.requested_by == USER
    assert found.finished_at >= found.started_at >= found.created_at


def test_a_job_that_waits_for_something_goes_on_from_its_checkpoint_however_often(start, queue, until, monkeypatch):
    monkeypatch.setattr("chassis.ops.job_runner.POLL", 0.02)
    seen = []

    def wait(run):
        seen.append(run.saved)
        if len(seen) <= 2 * job_queue.ATTEMPTS:
            run.checkpoint({"asked": len(seen)})
            raise jobs.JobPostponed(timedelta())
        return run.saved

    start(wait=wait)
    found = until(queue("wait"), "done", "failed")
    asked = 2 * job_queue.ATTEMPTS
    assert (found.state, found.result, len(seen)) == ("done", {"asked": asked}, asked + 1)


def test_a_job_that_only_waits_is_never_given_up(start, queue, until, monkeypatch):
    monkeypatch.setattr("chassis.ops.job_runner.POLL", 0.02)
    seen = []

    def wait(run):
        seen.append(run.id)
        if len(seen) <= 2 * job_queue.ATTEMPTS:
            raise jobs.JobPostponed(timedelta())

    start(wait=wait)
    assert until(queue("wait"), "done", "failed").state == "done"


def test_the_commit_wakes_the_runner_at_once(start, queue, until, monkeypatch):
    monkeypatch.setattr("chassis.ops.job_runner.POLL", 300.0)
    start(quick=lambda run: None)
    time.sleep(0.3)
    until(queue("quick"), "done", seconds=60)


def test_a_job_of_a_transaction_that_rolls_back_never_runs(start, database, metadata):
    ran = []
    start(never=ran.append)

    def change():
        with database.write() as session:
            jobs.enqueue(session, metadata, "never", {}, CALL)
            raise ValueError

    with pytest.raises(ValueError):
        change()
    time.sleep(0.3)
    assert ran == []


def test_a_job_runs_as_whoever_asked_for_it(start, queue, until):
    seen = []
    start(who=lambda run: seen.append(run.call))
    until(queue("who"), "done")
    assert seen[0].actor.user_id == USER
    assert seen[0].actor.scope("people:read") == "own"
    assert seen[0].request_id == "req-1"
    assert seen[0].cause == "job:who"


def test_progress_can_be_watched(start, queue, until, look):
    go_on = []

    def slow(run):
        for n in range(1, 4):
            run.progress(n, 3)
            while n > len(go_on):
                time.sleep(0.01)

    start(slow=slow)
    id_ = queue("slow")
    until(id_, "running")
    end = time.monotonic() + 60
    while look(id_).progress_done == 0:
        assert time.monotonic() < end
        time.sleep(0.02)
    assert (look(id_).progress_done, look(id_).progress_total) == (1, 3)
    go_on += [1, 2, 3]
    assert until(id_, "done").progress_done == 3


def test_a_waiting_job_is_cancelled_at_once(queue, database, metadata):
    id_ = queue("nobody-does-this")
    with database.write() as session:
        assert jobs.cancel(session, metadata, id_).state == "cancelled"


def test_a_running_job_is_cancelled_at_its_next_progress(start, queue, until, database, metadata):
    def endless(run):
        n = 0
        while True:
            n += 1
            run.progress(n)
            time.sleep(0.02)

    start(endless=endless)
    id_ = queue("endless")
    until(id_, "running")
    with database.write() as session:
        jobs.cancel(session, metadata, id_)
    found = until(id_, "cancelled")
    assert found.finished_at is not None


def test_a_job_that_has_ended_cannot_be_cancelled(start, queue, until, database, metadata):
    start(quick=lambda run: None)
    id_ = queue("quick")
    until(id_, "done")
    with database.write() as session, pytest.raises(jobs.JobHasEnded):
        jobs.cancel(session, metadata, id_)


def test_a_job_that_is_not_there_is_not_found(database, metadata):
    with database.read() as session, pytest.raises(NotFound):
        jobs.read(session, metadata, new_id())


def test_a_refusal_ends_the_job_with_its_sentence_in_the_language_of_who_asked(start, queue, until):
    def refuse(run):
        raise TooFewPeople(n=2)

    start(refuse=refuse)
    assert until(queue("refuse"), "failed").error == "Solo hay 2 personas."


def test_an_error_is_tried_again_and_then_given_up_without_telling_its_inside(start, queue, until):
    attempts = []

    def broken(run):
        attempts.append(1)
        raise RuntimeError("the inside")

    start(broken=broken)
    found = until(queue("broken"), "failed", seconds=60)
    assert len(attempts) == job_queue.ATTEMPTS
    assert "5" in found.error
    assert "the inside" not in found.error


def test_an_attempt_goes_on_from_the_last_checkpoint(start, queue, until, effects, metadata):
    def copy(run):
        first = (run.saved or {"next": 0})["next"]
        for n in range(first, 6):
            with run.transaction() as uow:
                uow.session.execute(effect(metadata, n))
                run.checkpoint({"next": n + 1})
            if n == 2 and first == 0:
                raise RuntimeError("killed half-way")
        return {"from": first}

    start(copy=copy)
    assert until(queue("copy"), "done").result == {"from": 3}
    assert effects() == [0, 1, 2, 3, 4, 5]


def test_a_checkpoint_does_not_survive_the_transaction_that_it_was_made_in(start, queue, until, effects, metadata):
    seen = []

    def once(run):
        seen.append(run.saved)
        with run.transaction() as uow:
            uow.session.execute(effect(metadata, 1))
            run.checkpoint({"done": True})
            if len(seen) == 1:
                raise RuntimeError("rolled back")

    start(once=once)
    until(queue("once"), "done")
    assert seen == [None, None]
    assert effects() == [1]


def test_a_job_whose_process_died_is_taken_over_when_its_lease_ends(database, metadata, queue):
    id_ = queue("work")
    theirs = JobQueue(metadata, ["work"])
    noon = datetime.now(UTC)
    with clock.stopped(noon) as time_:
        with database.write() as session:
            first = theirs.claim(session)
        with database.write() as session:
            assert theirs.claim(session) is None
        time_.advance(job_queue.LEASE + timedelta(seconds=1))
        with database.write() as session:
            second = theirs.claim(session)
    assert (first.id, second.id, second.attempt) == (id_, id_, 2)
    with database.write() as session:
        assert theirs.save(session, first, 1, 1, {"late": True}) is None
        assert not theirs.finish(session, first, "done")
        assert theirs.save(session, second, 1, 1, None) is False


def test_an_attempt_that_lost_its_job_commits_nothing(start, queue, effects, metadata, database):
    took_over = []

    def slow(run):
        if not took_over:
            took_over.append(1)
            with database.write() as session:
                session.execute(sa.update(tables.jobs(metadata)).values(lease_owner="somebody else"))
        with run.transaction() as uow:
            uow.session.execute(effect(metadata, 1))

    runner = start(slow=slow)
    queue("slow")
    end = time.monotonic() + 60
    while not took_over or runner._running:
        assert time.monotonic() < end
        time.sleep(0.02)
    assert effects() == []


def test_a_job_that_only_ever_dies_is_given_up(database, metadata, queue, look):
    id_ = queue("deadly")
    theirs = JobQueue(metadata, ["deadly"])
    with clock.stopped(datetime.now(UTC)) as time_:
        for _ in range(job_queue.ATTEMPTS):
            with database.write() as session:
                assert theirs.claim(session) is not None
            time_.advance(job_queue.LEASE + timedelta(seconds=1))
        with database.write() as session:
            assert theirs.claim(session) is None
    found = look(id_)
    assert found.state == "failed"
    assert found.error == "El trabajo se interrumpió 5 veces sin avanzar y se abandonó."


def test_a_process_that_ends_hands_its_job_back_and_another_goes_on(start, queue, until, look):
    first_is_there, far = [1], []

    def long(run):
        first = (run.saved or {"next": 0})["next"]
        for n in range(first, 40):
            run.checkpoint({"next": n + 1})
            far.append(n)
            while first_is_there:
                run.progress(n + 1, 40)
                time.sleep(0.02)
        return {"from": first}

    first = start(long=long)
    id_ = queue("long")
    end = time.monotonic() + 60
    while not far:
        assert time.monotonic() < end
        time.sleep(0.02)
    first.stop(60)
    first_is_there.clear()
    assert look(id_).state == "queued"
    start(long=long)
    assert until(id_, "done").result["from"] > 0


def test_jobs_of_a_kind_that_nobody_here_knows_are_left_alone(start, queue, look):
    start(known=lambda run: None)
    id_ = queue("unknown")
    time.sleep(0.3)
    assert look(id_).state == "queued"


def test_work_that_reports_progress_lets_others_run(start, queue, until):
    ticks, seen, over = [], [], []

    def tick():
        while not over:
            ticks.append(1)
            time.sleep(0)

    def busy(run):
        for n in range(200):
            sum(range(2000))
            run.progress(n)
            seen.append(len(ticks))

    other = threading.Thread(target=tick)
    other.start()
    start(busy=busy)
    until(queue("busy"), "done")
    over.append(1)
    other.join()
    assert seen[-1] - seen[0] > 100
