"""`./trato COMMAND`: reads the command line and hands over to the module that does it."""

import sys

from tools.launcher.commands import dispatch
from tools.launcher.place import here
from tools.launcher.terminal import complain
from tools.launcher.trouble import Trouble
from tools.launcher.words import tr


def main(arguments: list[str]) -> int:
    """Run one command; return the exit code."""
    try:
        return dispatch(here(), arguments)
    except Trouble as trouble:
        complain(f"\n{trouble.report()}")
        return 1
    except KeyboardInterrupt:
        complain(tr("\nInterrupted.", "\nInterrumpido."))
        return 130
    except BrokenPipeError:
        return 141


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
