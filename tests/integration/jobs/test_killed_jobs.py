"""A process killed in the middle of a job: another one goes on, and nothing is done twice."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import sqlalchemy as sa

from chassis import jobs
from chassis.context import Call
from chassis.db import tables
from chassis.db.database import Database

STEPS = 30
WORKER = """
import chassis.ops.green
import sys, time
from datetime import timedelta
import sqlalchemy as sa
from chassis.db import job_queue, tables
job_queue.LEASE = timedelta(seconds=1.5)
from chassis.ops import job_runner
job_runner.LEASE = job_queue.LEASE
job_runner.POLL = 0.2
from chassis.db.database import Database

metadata = sa.MetaData()
tables.attach(metadata)
effects = sa.Table("effects", metadata, sa.Column("n", sa.Integer))
database = Database(sys.argv[1], metadata)

def copy(run):
    for n in range((run.saved or {"next": 0})["next"], int(sys.argv[2])):
        with run.transaction() as uow:
            uow.session.execute(sa.insert(effects).values(n=n))
            run.checkpoint({"next": n + 1})
        run.progress(n + 1, int(sys.argv[2]))
        while n == int(sys.argv[3]):  # here the one that is killed stands, however late the kill comes
            run.progress(n + 1)
            time.sleep(0.05)
        time.sleep(0.05)
    return {"done": True}

job_runner.JobRunner("test", database, metadata, {"copy": copy}).start()
print("up", flush=True)
time.sleep(120)
"""


@pytest.fixture
def worker(database_url):
    started = []

    def start(stands_at=STEPS):
        process = subprocess.Popen(
            [sys.executable, "-c", WORKER, database_url, str(STEPS), str(stands_at)],
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(Path.cwd())},
        )
        started.append(process)
        assert process.stdout.readline() == b"up\n"
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()
        process.stdout.close()


def test_a_killed_job_is_finished_by_another_process_without_repeating_a_step(database_url, worker):
    metadata = sa.MetaData()
    tables.attach(metadata)
    effects = sa.Table("effects", metadata, sa.Column("n", sa.Integer))
    database = Database(database_url, metadata)
    metadata.create_all(database.engine)

    def done():
        with database.read() as session:
            return list(session.scalars(sa.select(effects.c.n)))

    with database.write() as session:
        id_ = jobs.enqueue(session, metadata, "copy", {}, Call())
    first = worker(stands_at=STEPS - 2)
    end = time.monotonic() + 120
    while len(done()) < 5:
        assert time.monotonic() < end
        time.sleep(0.02)
    first.send_signal(signal.SIGKILL)
    first.wait()
    assert len(done()) < STEPS
    worker()
    while True:
        with database.read() as session:
            found = jobs.read(session, metadata, id_)
        if found.state == "done":
            break
        assert time.monotonic() < end + 30, found
        time.sleep(0.05)
    database.dispose()
    assert sorted(done()) == list(range(STEPS))
    assert found.result == {"done": True}
