"""Commands that a tool of the house carries out, in the virtual environment and with the stack's own settings."""

import subprocess
from collections.abc import Callable

from tools.launcher import stack, venv
from tools.launcher.place import Place
from tools.launcher.terminal import complain
from tools.launcher.words import tr

_BENCHES = ("bus", "events", "api")


def to(module: str) -> Callable[[Place, list[str]], int]:
    """Return a command that runs ``tools.<module>`` with the arguments given."""

    def run(place: Place, arguments: list[str]) -> int:
        venv.ensure(place)
        return _python(place, [f"tools.{module}", *arguments], stack.last_environment(place))

    return run


def bench(place: Place, arguments: list[str]) -> int:
    """Run a measurement; it starts its own stack and touches no data of this clone."""
    if not arguments or arguments[0] not in _BENCHES:
        complain(tr("./trato bench bus | events | api [options]", "./trato bench bus | events | api [opciones]"))
        return 2
    venv.ensure(place, "dev")
    return _python(place, [f"tests.load.{arguments[0]}", *arguments[1:]], venv.environment(place))


def _python(place: Place, arguments: list[str], environment: dict[str, str]) -> int:
    command = [str(place.python), "-m", *arguments]
    return subprocess.run(command, env=environment, cwd=place.root, check=False).returncode
