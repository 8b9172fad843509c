"""The loop that callers of a process read in turn, where threads are the system's, as in the gateway."""

import subprocess
import sys

import pytest

from tests.kit.stack import ROOT

_LOOP = """
import socket
from time import monotonic
from chassis.bus.client_loop import SharedLoop
loop = SharedLoop(done=lambda: None, is_quiet=lambda: True)
ours, theirs = socket.socketpair()
read = []
loop.add_handler(ours.fileno(), lambda *_: read.append(ours.recv(9)), loop.READ)
"""
_STOOD_STILL = """
theirs.sendall(b"answer")
loop.lead(lambda: bool(read), monotonic() - 1)
assert read == [b"answer"], read
"""
_IN_VAIN = """
end = monotonic() + 0.1
loop.lead(lambda: False, end)
assert end <= monotonic() < end + 30
assert not read
"""


@pytest.mark.parametrize("case", [_STOOD_STILL, _IN_VAIN], ids=["stood-still", "in-vain"])
def test_a_caller_reads_until_the_deadline_and_once_more(case):
    command = [sys.executable, "-c", _LOOP + case]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
