"""`./trato test` and `./trato check`: the one list of checks; CI runs this very command."""

import os
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor

from tools.launcher import machine, postgres, prometheus, rabbitmq, venv
from tools.launcher.place import Place
from tools.launcher.terminal import complain, say
from tools.launcher.words import tr

# The longest first: the others run beside it.
_STATIC: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("mypy", ("mypy",)),
    # What other departments install runs on an older Python than the suite.
    ("mypy sdk", ("mypy", "--python-version", "3.10", "sdk/trato_events")),
    ("ruff format", ("ruff", "format", "--check", "--quiet", ".")),
    ("ruff check", ("ruff", "check", "--quiet", ".")),
    ("lint-imports", ("lint-imports",)),
    ("contracts current", ("python", "-m", "tools.contracts", "--check")),
)


def check(place: Place, arguments: list[str]) -> int:
    """Run the static checks; return 1 when one of them fails."""
    if arguments:
        complain(tr("./trato check takes no options.", "./trato check no admite opciones."))
        return 2
    venv.ensure(place, "dev")
    return 1 if _failed_checks(place) else 0


def test(place: Place, arguments: list[str]) -> int:
    """Run the static checks, then pytest with the arguments given; pytest's summary is the last line.

    With arguments (a folder, ``-k …``) only pytest runs: that is the quick way while working.
    """
    venv.ensure(place, "dev")
    _ensure_servers(place)
    failed = [] if arguments else _failed_checks(place)
    command = [str(place.python), "-m", "pytest", *(arguments or _everything())]
    code = subprocess.run(
        command, cwd=place.root, env=venv.environment(place), stdin=subprocess.DEVNULL, check=False
    ).returncode
    if failed:
        # pytest's own summary stays the last line of the output, so this goes to the other stream.
        complain(
            tr(f"Failed before the tests: {', '.join(failed)}", f"Falló antes de las pruebas: {', '.join(failed)}")
        )
    return code or (1 if failed else 0)


def _everything() -> tuple[str, ...]:
    # One worker more than cores, since tests of outages wait more than they compute; each takes half a gigabyte.
    workers = min((os.cpu_count() or 1) + 1, 8)
    return ("-q", "-n", str(workers), "--dist", "worksteal")


def _failed_checks(place: Place) -> list[str]:
    """Run every static check, two at a time; return the names of all that failed."""
    failed = []
    with ThreadPoolExecutor(2) as pool:
        for name, told, seconds in pool.map(lambda check: _run(place, *check), _STATIC):
            verdict = tr("FAILED", "FALLÓ") if told is not None else "ok"
            say(f"{name:<20} {seconds:6.1f} s  {verdict}")
            if told is not None:
                say(told)
                failed.append(name)
    return failed


def _run(place: Place, name: str, command: tuple[str, ...]) -> tuple[str, str | None, float]:
    """Return a check's name, what it says against the code or None, and the seconds it took."""
    began = time.monotonic()
    done = subprocess.run(
        [str(place.venv / "bin" / command[0]), *command[1:]],
        cwd=place.root,
        env=venv.environment(place),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return name, done.stdout if done.returncode else None, time.monotonic() - began


def _ensure_servers(place: Place) -> None:
    """The tests start their own RabbitMQ, PostgreSQL and Prometheus, for which all must be installed."""
    if rabbitmq.script() is None:
        machine.install(place, "rabbitmq-server")
    if postgres.binaries() is None:
        machine.install(place, "postgresql")
    prometheus.ensure(place)
