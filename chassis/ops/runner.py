"""Runs services: ``python -m chassis.ops.runner contacts administration --workers 2``, or ``all``."""

import chassis.ops.green  # noqa: F401 - patches the process, so it comes before everything else

# isort: split
import argparse
import sys
from collections.abc import Sequence

from chassis import settings as configuration
from chassis.ops import discovery, logs
from chassis.ops.process import GRACE, Process, begin
from chassis.ops.processes import Place, Supervisor
from chassis.settings import Settings, SettingsError, SettingsInvalid

USAGE = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what the command line names until a signal; return the exit status."""
    wanted = _parser().parse_args(arguments)
    try:
        settings = configuration.load()
        logs.configure(settings)
        names = discovery.service_names() if wanted.services == ["all"] else wanted.services
        for name in names:
            discovery.load(name)
            settings.database_url(name)
        workers = wanted.workers or settings.workers
        refuse_sqlite(names, settings, workers)
    except (SettingsError, discovery.NoSuchService) as error:
        sys.stderr.write(f"{error}\n")
        return USAGE
    groups = [[name] for name in names] if wanted.apart else [names]
    if workers == 1 and len(groups) == 1:
        return Process(names, settings).run()
    return Supervisor(_places(groups, settings, workers), GRACE).run()


def refuse_sqlite(names: Sequence[str], settings: Settings, workers: int) -> None:
    """Raise ``SettingsInvalid`` where several processes would write one SQLite file."""
    for name in names:
        if workers > 1 and settings.database_url(name).startswith("sqlite"):
            raise SettingsInvalid(
                f"{workers} processes of {name} cannot share one SQLite file: use PostgreSQL, or --workers 1."
            )


def _places(groups: Sequence[Sequence[str]], settings: Settings, workers: int) -> list[Place]:
    places: list[Place] = []
    for group in groups:
        for worker in range(workers):
            index = len(places)
            label = f"{'+'.join(group)}/{worker + 1}"
            places.append(Place(label, begin(group, settings, index)))
    return places


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m chassis.ops.runner", description=__doc__)
    parser.add_argument("services", nargs="+", metavar="SERVICE", help="names of services, or all")
    parser.add_argument("--workers", type=int, help="processes of the same services (PostgreSQL only)")
    parser.add_argument("--apart", action="store_true", help="a process for each service, from one parent")
    return parser


if __name__ == "__main__":
    sys.exit(main())
