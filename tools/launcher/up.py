"""`./trato up`: everything from an empty clone to a gateway that answers, then watching over it."""

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from tools.launcher import running, welcome
from tools.launcher.bring_up import BringUp
from tools.launcher.place import Place
from tools.launcher.stack import Options
from tools.launcher.supervisor import Supervisor
from tools.launcher.terminal import complain, say, step
from tools.launcher.trouble import Trouble
from tools.launcher.words import tr


class _Stopped(BaseException):
    """Somebody asked the launcher to end."""


class Signals:
    """The first request to end raises where the launcher stands; the second one hurries the ending."""

    def __init__(self) -> None:
        self.count = 0
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._asked)

    def hurry(self) -> bool:
        """Whether the person asked twice."""
        return self.count > 1

    def _asked(self, _number: int, _frame: FrameType | None) -> None:
        self.count += 1
        if self.count == 1:
            raise _Stopped


def run(place: Place, options: Options, *, on_ready: Callable[[], None] = lambda: None) -> int:
    """Bring everything up and watch over it until asked to end; return the exit code."""
    began = time.monotonic()
    lock = running.take_lock(place)
    if lock is None:
        return _already(place)
    signals = Signals()
    supervisor = Supervisor(place)
    code = 0
    try:
        built = BringUp(place, options, supervisor).run()
        supervisor.starting = False
        running.announce(place, built.address, welcome.choices(options))
        welcome.show(place, built, options, seconds=time.monotonic() - began)
        on_ready()
        supervisor.forever()
    except _Stopped:
        say()
        code = 0 if not supervisor.starting else 130
    except Trouble as trouble:
        complain(f"\n{trouble.report()}")
        code = 1
    finally:
        signals.count = max(signals.count, 1)
        _stop(place, supervisor, signals)
        lock.close()
    return code


def detached(place: Place, options: Options) -> int:
    """Do the same in a process of its own and come back when everything is ready."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.setsid()
        os.close(reading)
        code = run(place, options, on_ready=lambda: _let_go(place, writing))
        sys.stdout.flush()
        os._exit(code)
    os.close(writing)
    try:
        with os.fdopen(reading, "rb") as stream:
            if stream.read(1):
                return 0
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    except KeyboardInterrupt:
        os.kill(child, signal.SIGTERM)
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _stop(place: Place, supervisor: Supervisor, signals: Signals) -> None:
    if supervisor.names():
        with step(tr("Stopping", "Deteniendo")) as note:
            note(", ".join(reversed(supervisor.names())))
            supervisor.stop(hurry=signals.hurry)
    running.withdraw(place)


def _let_go(place: Place, pipe: int) -> None:
    """Give the terminal back: from now on what the launcher says goes to its log."""
    sys.stdout.flush()
    sys.stderr.flush()
    nothing = os.open(os.devnull, os.O_RDONLY)
    log = os.open(Path(place.log("launcher")), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for source, target in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(source, target)
    os.write(pipe, b"!")
    os.close(pipe)


def _already(place: Place) -> int:
    found = running.launcher(place)
    if found is None:
        complain(tr("Another ./trato up is starting in this clone.", "Otro ./trato up está arrancando en este clon."))
        return 1
    say(tr(f"Trato already runs: {found[1]}", f"Trato ya está en marcha: {found[1]}"))
    return 0
