"""Commands that a tool of the house carries out, in the virtual environment and with the stack's own settings."""

import os
import subprocess
from collections.abc import Callable

from tools.launcher import running, stack, venv
from tools.launcher.memory import state
from tools.launcher.place import Place
from tools.launcher.terminal import complain
from tools.launcher.trouble import Trouble
from tools.launcher.words import tr

_BENCHES = ("bus", "events", "api", "cases")
_WITHOUT_DATABASE = {"revision", "check", "-h", "--help"}


def to(module: str) -> Callable[[Place, list[str]], int]:
    """Return a command that runs ``tools.<module>`` with the arguments given."""

    def run(place: Place, arguments: list[str]) -> int:
        if _needs_the_stack(place, module, arguments):
            demand_running(place)
        # What writes code formats it with the developers' tools.
        writes = module == "new_service" or arguments[:1] == ["revision"]
        venv.ensure(place, "dev" if writes else "local")
        return python(place, [f"tools.{module}", *arguments], stack.last_environment(place))

    return run


def demand_running(place: Place) -> None:
    """Return where this clone's system runs. Raises ``Trouble`` otherwise."""
    if running.launcher(place) is None:
        raise Trouble(
            tr(
                "Trato is not running: start it with ./trato up.",
                "Trato no está en marcha: arránquelo con ./trato up.",
            )
        )


def bench(place: Place, arguments: list[str]) -> int:
    """Run a measurement; it starts its own stack and touches no data of this clone."""
    if not arguments or arguments[0] not in _BENCHES:
        names = " | ".join(_BENCHES)
        complain(tr(f"./trato bench {names} [options]", f"./trato bench {names} [opciones]"))
        return 2
    venv.ensure(place, "dev")
    return python(place, [f"tests.load.{arguments[0]}", *arguments[1:]], venv.environment(place))


def python(place: Place, arguments: list[str], environment: dict[str, str]) -> int:
    """Run a module in the virtual environment and return its exit code."""
    command = [str(place.python), "-m", *arguments]
    return subprocess.run(command, env=environment, cwd=place.root, check=False).returncode


def _needs_the_stack(place: Place, module: str, arguments: list[str]) -> bool:
    """Whether the command talks to servers that only a running stack of this clone provides."""
    if not arguments or "--help" in arguments:
        return False
    if module == "events":
        return "TRATO_BROKER_URL" not in os.environ
    if module == "migrate" and arguments[0] not in _WITHOUT_DATABASE:
        foreign = any(name.startswith("TRATO_DATABASE_URL") for name in os.environ)
        return not foreign and state(place).get("database", "") == "postgres"
    return False
