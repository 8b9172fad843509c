"""Programs are restarted with growing delay, stopped in order, and strangers are never signalled."""

import os
import re
import signal
import subprocess
import sys
import time

import pytest

from tools.launcher import processes
from tools.launcher.place import Place
from tools.launcher.processes import Identity, Program
from tools.launcher.supervisor import Supervisor
from tools.launcher.trouble import Trouble

NOTES_ITS_END = """
import signal, sys, time
def end(*_):
    open({path!r}, "a").write({name!r})
    sys.exit()
signal.signal(signal.SIGTERM, end)
print("up", flush=True)
time.sleep(60)
"""
HAS_A_CHILD = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print(child.pid, flush=True)
time.sleep(60)
"""


@pytest.fixture
def place(tmp_path) -> Place:
    place = Place(tmp_path)
    place.prepare()
    return place


@pytest.fixture
def supervisor(place):
    supervisor = Supervisor(place)
    yield supervisor
    supervisor.stop(hurry=lambda: True)


def program(name: str, script: str, tier: int = 2) -> Program:
    return Program(
        name=name, command=[sys.executable, "-S", "-c", script], environment=os.environ, tier=tier, patience=60
    )


def wait_for(condition, seconds: float = 60.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


def test_what_dies_is_started_again_and_each_time_later(place, supervisor, capfd):
    supervisor.starting = False
    supervisor.start(program("sleeper", "import time; time.sleep(60)"))
    for delay in (0.5, 1.0, 2.0):
        pid = supervisor.pid("sleeper")
        died = time.monotonic()
        os.kill(pid, signal.SIGKILL)
        wait_for(lambda before=pid: (supervisor.watch(), supervisor.pid("sleeper") != before)[1])
        # Not before its delay is over; how much later, the machine says.
        assert time.monotonic() - died >= delay
    told = capfd.readouterr().err
    assert re.findall(r" ([\d.]+) s\. ", told) == ["0.5", "1.0", "2.0"]
    assert str(place.log("sleeper")) in told


def test_a_program_that_cannot_start_is_a_trouble_with_the_end_of_its_log(place, supervisor):
    supervisor.start(program("broken", "print('the reason'); raise SystemExit(3)"))
    with pytest.raises(Trouble) as caught:
        supervisor.until(lambda: False, seconds=20, name="broken")
    report = caught.value.report()
    assert "broken" in report
    assert "the reason" in report
    assert str(place.log("broken")) in report


def test_the_highest_tier_stops_first(place, supervisor, tmp_path):
    order = tmp_path / "order"
    for name, tier in (("b", 1), ("s", 2), ("g", 3)):
        supervisor.start(program(name, NOTES_ITS_END.format(path=str(order), name=name), tier))
    wait_for(lambda: all("up" in place.log(name).read_text() for name in "bsg"))
    supervisor.stop()
    assert order.read_text() == "gsb"
    assert not list(place.runs.iterdir())


def test_children_of_a_killed_leader_do_not_survive_it(place, supervisor):
    supervisor.starting = False
    supervisor.start(program("leader", HAS_A_CHILD))
    wait_for(lambda: place.log("leader").read_text().strip())
    child = processes.identify(int(place.log("leader").read_text()))
    assert child is not None
    os.kill(supervisor.pid("leader"), signal.SIGKILL)
    wait_for(lambda: (supervisor.watch(), not child.alive())[1])


def test_a_process_that_only_has_the_pid_of_ours_is_left_alone(place):
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as stranger:
        identity = Identity(stranger.pid, "1")
        processes.record(place, "ours", identity, tier=2, stop_signal=signal.SIGTERM)
        assert processes.stop_recorded(place) == []
        identity.signal(signal.SIGKILL)
        assert stranger.poll() is None
        stranger.kill()


def test_what_a_killed_launcher_left_is_stopped_by_the_next(place):
    left = Supervisor(place)
    left.start(program("orphan", "import time; time.sleep(60)"))
    orphan = processes.identify(left.pid("orphan"))
    assert orphan is not None
    assert processes.stop_recorded(place, patience=1) == ["orphan"]
    assert not orphan.alive()
    left.stop()
