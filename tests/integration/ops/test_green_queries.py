"""Waiting for PostgreSQL must not stop the rest of a process, and a slow name server must not either."""

import subprocess
import sys

import pytest

SCRIPT = """
import chassis.ops.green
import socket, sys, time
import eventlet
import sqlalchemy as sa
from chassis.db.database import Database
from chassis.ops.assembly import _let_queries_overlap

_let_queries_overlap()
database = Database(sys.argv[1])
ticks = []

def tick():
    while True:
        ticks.append(1)
        eventlet.sleep(0.02)

def query():
    with database.read() as session:
        session.execute(sa.text("set lock_timeout = '30s'"))
        session.execute(sa.text("select pg_advisory_xact_lock_shared(77)"))

def until(true):
    end = time.monotonic() + 60
    while not true():
        assert time.monotonic() < end
        eventlet.sleep(0.02)

waiting = sa.text("select count(*) from pg_locks where locktype = 'advisory' and objid = 77 and not granted")
with database.read() as gate:
    gate.execute(sa.text("select pg_advisory_lock(77)"))
    threads = [eventlet.spawn(query) for _ in range(5)]
    until(lambda: gate.scalar(waiting) == 5)
    eventlet.spawn(tick)
    until(lambda: len(ticks) > 10)
    gate.execute(sa.text("select pg_advisory_unlock(77)"))
for thread in threads:
    thread.wait()
assert socket.getaddrinfo("localhost", 80)
assert "dns" not in sys.modules
print("overlapped")
"""


@pytest.mark.postgres
def test_five_queries_overlap_and_the_hub_ticks_meanwhile(postgres):
    url = postgres.new_database()
    done = subprocess.run([sys.executable, "-c", SCRIPT, url], capture_output=True, text=True, timeout=120)
    assert done.stdout == "overlapped\n", done.stderr
