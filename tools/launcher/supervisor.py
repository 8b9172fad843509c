"""Keeps programs running: what dies is started again with growing delay; everything stops in order."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass

from tools.launcher import processes
from tools.launcher.place import Place
from tools.launcher.processes import Identity, Program
from tools.launcher.terminal import complain
from tools.launcher.trouble import Trouble
from tools.launcher.words import tr

_PAUSE = 0.2
_FIRST_DELAY, _LAST_DELAY = 0.5, 30.0
_STABLE_SECONDS = 60.0
_HOPELESS = 3


@dataclass(slots=True)
class _Kept:
    program: Program
    running: subprocess.Popen[bytes]
    identity: Identity
    began: float
    delay: float = _FIRST_DELAY
    deaths: int = 0
    again_at: float | None = None


class Supervisor:
    """The programs of one clone; nothing here needs a thread."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._kept: dict[str, _Kept] = {}
        # While the system is starting, a program that dies again and again ends the attempt.
        self.starting = True

    def start(self, program: Program) -> None:
        """Start a program and keep it running from now on."""
        running, identity = processes.start(self._place, program)
        self._kept[program.name] = _Kept(program, running, identity, time.monotonic())

    def names(self) -> list[str]:
        """Return the names of all programs kept."""
        return list(self._kept)

    def pid(self, name: str) -> int:
        """Return the pid of a program."""
        return self._kept[name].running.pid

    def watch(self) -> None:
        """Look at every program once; start again what died and whose delay is over.

        While ``starting``, a program that dies again and again raises ``Trouble`` with its log.
        """
        now = time.monotonic()
        for kept in self._kept.values():
            if kept.again_at is None and _ended(kept):
                self._died(kept, now)
            if kept.again_at is not None and now >= kept.again_at:
                kept.running, kept.identity = processes.start(self._place, kept.program)
                kept.began, kept.again_at = now, None

    def until(self, ready: Callable[[], bool], *, seconds: float, name: str) -> None:
        """Watch until ``ready()``; after ``seconds`` raise ``Trouble`` that names the program waited for."""
        end = time.monotonic() + seconds
        while not ready():
            self.watch()
            if time.monotonic() > end:
                sentence = tr(
                    f"{name} was not ready after {seconds:.0f} seconds.",
                    f"{name} no estaba listo tras {seconds:.0f} segundos.",
                )
                raise Trouble(sentence, self._place.log(name))
            time.sleep(_PAUSE)

    def forever(self) -> None:
        """Watch until the process is told to stop."""
        while True:
            self.watch()
            time.sleep(0.5)

    def stop(self, *, hurry: Callable[[], bool] = lambda: False) -> None:
        """Stop all programs, the highest tier first; what does not end in its patience is killed."""
        for tier in sorted({kept.program.tier for kept in self._kept.values()}, reverse=True):
            those = [kept for kept in self._kept.values() if kept.program.tier == tier]
            for kept in those:
                kept.identity.signal(kept.program.stop_signal)
            end = time.monotonic() + max(kept.program.patience for kept in those)
            while not all(_ended(kept) for kept in those):
                if time.monotonic() > end or hurry():
                    break
                time.sleep(0.05)
            for kept in those:
                _reap(kept)
                processes.forget(self._place, kept.program.name)
        self._kept.clear()

    def _died(self, kept: _Kept, now: float) -> None:
        _reap(kept)
        name, code = kept.program.name, kept.running.returncode
        if now - kept.began > _STABLE_SECONDS:
            kept.delay, kept.deaths = _FIRST_DELAY, 0
        kept.deaths += 1
        if self.starting and kept.deaths >= _HOPELESS:
            raise Trouble(
                tr(
                    f"{name} ends as soon as it starts (exit code {code}).",
                    f"{name} termina nada más empezar (código {code}).",
                ),
                self._place.log(name),
            )
        kept.again_at = now + kept.delay
        log, delay = self._place.log(name), kept.delay
        complain(
            tr(
                f"  {name} ended (exit code {code}); starting it again in {delay:.1f} s. Log: {log}",
                f"  {name} terminó (código {code}); se inicia de nuevo en {delay:.1f} s. Registro: {log}",
            )
        )
        kept.delay = min(kept.delay * 2, _LAST_DELAY)


def _ended(kept: _Kept) -> bool:
    """Whether the program has ended. It is not reaped yet, so that its number belongs to nobody else."""
    if kept.running.returncode is not None:
        return True
    with contextlib.suppress(ChildProcessError):
        return os.waitid(os.P_PID, kept.running.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
    return True


def _reap(kept: _Kept) -> None:
    """End what is left of the program's session, whose leader may be gone while its children are not."""
    if kept.running.returncode is None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(kept.running.pid, signal.SIGKILL)
        kept.running.wait()
