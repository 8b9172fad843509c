"""Debian's Prometheus beside the stack: our own rules and dashboards' figures, data and port of this clone alone."""

import json
import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from tools.launcher import machine, ports
from tools.launcher.memory import state
from tools.launcher.place import Place
from tools.launcher.processes import Program
from tools.launcher.trouble import Trouble
from tools.launcher.words import tr

NAME = "prometheus"
_TIER = 4
_USUAL_PORT = 9090
_RETENTION = "15d"

# What is scraped by each job: the process's name and its port on this machine.
Targets = Mapping[str, Sequence[tuple[str, int]]]


def ensure(place: Place) -> Path:
    """Return Prometheus's program, installed when we are root.

    Raises ``Trouble`` with the command to run when it is missing and we are not.
    """
    if shutil.which(NAME) is None:
        machine.install(place, NAME)
    found = shutil.which(NAME)
    if found is None:
        raise Trouble(tr("Prometheus's program was not found.", "No se encontró el programa de Prometheus."))
    return Path(found)


def program(place: Place, binary: Path, targets: Targets) -> Program:
    """Return Prometheus as a program that scrapes ``targets`` with the rules of ``deploy/prometheus``."""
    home, port = place.hidden / NAME, ports.remembered(state(place), NAME, prefer=_USUAL_PORT)
    configure(place.root / "deploy" / NAME, home, targets)
    command = [
        str(binary),
        f"--config.file={home / 'prometheus.yml'}",
        f"--storage.tsdb.path={home / 'data'}",
        f"--storage.tsdb.retention.time={_RETENTION}",
        f"--web.listen-address=127.0.0.1:{port}",
        "--log.level=warn",
    ]
    return Program(name=NAME, command=command, environment=os.environ, tier=_TIER, folder=home)


def configure(source: Path, home: Path, targets: Targets) -> None:
    """Write into ``home`` what ``source`` says for every installation, with the targets of this one."""
    home.mkdir(mode=0o700, exist_ok=True)
    for folder in ("rules", "targets"):
        shutil.rmtree(home / folder, ignore_errors=True)
    shutil.copytree(source / "rules", home / "rules")
    shutil.copyfile(source / "prometheus.yml", home / "prometheus.yml")
    (home / "targets").mkdir()
    for job, processes in targets.items():
        # JSON is YAML too.
        groups = [{"targets": [f"127.0.0.1:{port}"], "labels": {"process": name}} for name, port in processes]
        (home / "targets" / f"{job}.yml").write_text(json.dumps(groups, indent=1), encoding="utf-8")


def address(place: Place) -> str:
    """Return where Prometheus of this clone answers when it runs."""
    return f"http://127.0.0.1:{state(place).get(f'port.{NAME}', 0)}"
