"""`./trato migrate`: brings the databases to a revision, drafts a new one, says what no migration covers."""

import argparse
import sys
import time
from collections.abc import Callable

from chassis import settings
from chassis.db import migrations
from chassis.ops.discovery import service_names
from chassis.settings import SettingsError


def up(wanted: argparse.Namespace) -> int:
    """Bring the databases of all services, or of those named, to the newest revision. May be repeated."""
    for service in wanted.services or service_names():
        url = settings.load().database_url(service)
        before, began = migrations.current(service, url), time.monotonic()
        migrations.upgrade(service, url)
        _say(service, f"{before or 'empty'} -> {migrations.head(service)} ({time.monotonic() - began:.1f} s)")
    return 0


def down(wanted: argparse.Namespace) -> int:
    """Take one service's database back to a revision; ``-1`` is one step, ``base`` is empty."""
    migrations.downgrade(wanted.service, settings.load().database_url(wanted.service), wanted.revision)
    _say(wanted.service, f"now at {migrations.current(wanted.service, settings.load().database_url(wanted.service))}")
    return 0


def revision(wanted: argparse.Namespace) -> int:
    """Draft the migration from the scripts' state to the models'; read it before it is committed."""
    path = migrations.revise(wanted.service, wanted.message)
    _say(wanted.service, "the models say nothing new" if path is None else f"drafted {path}")
    return 0


def check(wanted: argparse.Namespace) -> int:
    """Say what the models hold and no migration brings; 1 when there is anything."""
    found = False
    for service in wanted.services or service_names():
        differences = migrations.check(service)
        found = found or bool(differences)
        _say(service, "every change has its migration" if not differences else "no migration brings:")
        for difference in differences:
            sys.stdout.write(f"    {difference}\n")
    return 1 if found else 0


def status(wanted: argparse.Namespace) -> int:
    """Say at which revision each database stands; 1 when one is behind its scripts."""
    behind = False
    for service in wanted.services or service_names():
        now, newest = migrations.current(service, settings.load().database_url(service)), migrations.head(service)
        behind = behind or now != newest
        _say(service, f"{now or 'empty'} of {newest}")
    return 1 if behind else 0


def main(arguments: list[str] | None = None) -> int:
    """Run one sub-command; 2 for settings that make no sense, 1 for a service that does not exist."""
    parser = argparse.ArgumentParser(prog="./trato migrate", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for run in (up, check, status):
        each = _add(commands, run)
        each.add_argument("services", nargs="*", metavar="SERVICE")
    back = _add(commands, down)
    back.add_argument("service")
    back.add_argument("revision")
    draft = _add(commands, revision)
    draft.add_argument("service")
    draft.add_argument("message")
    wanted = parser.parse_args(arguments)
    try:
        return int(wanted.run(wanted))
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except LookupError as error:
        sys.stderr.write(f"{error}\n")
        return 1


def _add(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", run: Callable[[argparse.Namespace], int]
) -> argparse.ArgumentParser:
    parser = commands.add_parser(run.__name__, help=run.__doc__, description=run.__doc__)
    parser.set_defaults(run=run)
    return parser


def _say(service: str, text: str) -> None:
    sys.stdout.write(f"{service:<16} {text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
