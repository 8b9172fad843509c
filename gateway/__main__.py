"""``python -m gateway`` starts the front door."""

import sys

from chassis import settings
from chassis.ops import logs
from chassis.settings import SettingsError
from gateway import settings as own
from gateway.server import serve


def main() -> int:
    """Read the settings and serve; 2 where they make no sense."""
    try:
        shared, gateway = settings.load(), own.load()
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    logs.configure(shared)
    serve(shared, gateway)
    return 0


if __name__ == "__main__":
    sys.exit(main())
