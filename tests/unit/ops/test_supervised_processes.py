"""Workers forked from one parent: started, restarted when they die, stopped together."""

import os
import signal
import subprocess
import sys
import textwrap
from itertools import pairwise
from pathlib import Path

import pytest

HEAD = """
import warnings; warnings.simplefilter("ignore")
import eventlet; eventlet.monkey_patch()
import os, signal, sys, time
from eventlet import hubs
from eventlet.patcher import original
from chassis.ops import processes
from chassis.ops.processes import Place, Supervisor
processes._FIRST_PAUSE = 0.05

def note(text):
    # A signal may arrive on the hub itself, where the patched os.write must not be called.
    original("os").write(1, f"{text}\\n".encode())
"""


@pytest.fixture
def supervise(tmp_path):
    started = []

    def run(work, count=2, grace=60.0):
        script = tmp_path / "supervised.py"
        places = (
            f'\nsys.exit(Supervisor([Place(f"w{{i}}", work, pause=0.05) for i in range({count})], {grace}).run())\n'
        )
        script.write_text(HEAD + textwrap.dedent(work) + places)
        process = subprocess.Popen(
            [sys.executable, str(script)], stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(Path.cwd())}
        )
        started.append(process)
        return process

    yield run
    for process in started:
        if process.poll() is None:
            process.kill()
        process.wait()
        process.stdout.close()


OBEDIENT = """
def work(lifeline):
    hubs.use_hub()
    signal.signal(signal.SIGTERM, lambda *_: (note(f"term {os.getpid()}"), os._exit(0)))
    note(f"up {os.getpid()}")
    while True:
        time.sleep(0.05)
"""


def lines(process, count):
    return [process.stdout.readline().decode().split() for _ in range(count)]


def test_all_workers_get_sigterm_and_the_parent_ends_well(supervise):
    parent = supervise(OBEDIENT)
    workers = {pid for _, pid in lines(parent, 2)}
    assert len(workers) == 2
    parent.send_signal(signal.SIGTERM)
    assert {pid for word, pid in lines(parent, 2) if word == "term"} == workers
    assert parent.wait(60) == 0


def test_sigint_ends_them_as_well(supervise):
    parent = supervise(OBEDIENT)
    lines(parent, 2)
    parent.send_signal(signal.SIGINT)
    assert parent.wait(60) == 0


def test_a_worker_that_is_killed_is_started_again(supervise):
    parent = supervise(OBEDIENT)
    first = [int(pid) for _, pid in lines(parent, 2)]
    os.kill(first[0], signal.SIGKILL)
    ((word, pid),) = lines(parent, 1)
    assert word == "up"
    assert int(pid) not in first
    parent.send_signal(signal.SIGTERM)
    assert parent.wait(60) == 0


def test_a_worker_that_dies_again_and_again_is_started_with_growing_pauses(supervise):
    parent = supervise("def work(lifeline):\n    note(f'{time.time()}')\n    return 3\n", count=1)
    times = [float(line[0]) for line in lines(parent, 4)]
    pauses = [after - before for before, after in pairwise(times)]
    assert [pause >= least for pause, least in zip(pauses, (0.09, 0.18, 0.36), strict=True)] == [True] * 3


def test_a_worker_that_does_not_end_is_killed_after_the_grace(supervise):
    stubborn = """
processes._AFTER_GRACE = 0.2
def work(lifeline):
    hubs.use_hub()
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    note(f"up {os.getpid()}")
    while True:
        time.sleep(0.05)
"""
    parent = supervise(stubborn, count=1, grace=0.5)
    ((_, pid),) = lines(parent, 1)
    parent.send_signal(signal.SIGTERM)
    assert parent.wait(60) == 1
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid), 0)


def test_workers_end_when_their_parent_is_killed(supervise):
    parent = supervise(
        """
def work(lifeline):
    hubs.use_hub()
    note(f"up {os.getpid()}")
    hubs.trampoline(lifeline, read=True)
    note(f"alone {os.getpid()}")
    return 0
"""
    )
    workers = {pid for _, pid in lines(parent, 2)}
    parent.kill()
    assert {pid for word, pid in lines(parent, 2) if word == "alone"} == workers
