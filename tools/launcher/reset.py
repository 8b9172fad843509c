"""`./trato reset`: removes the data of this clone after asking; packages, ports and logs stay."""

import shutil
import subprocess
import sys
from pathlib import Path

from tools.launcher import broker, running
from tools.launcher.memory import state
from tools.launcher.place import Place
from tools.launcher.terminal import complain, say
from tools.launcher.words import tr


def run(place: Place, arguments: list[str]) -> int:
    """Ask (unless ``--yes``), stop everything, and remove databases, files and broker."""
    if set(arguments) - {"--yes", "-y"}:
        complain(tr("./trato reset [--yes]", "./trato reset [--yes]"))
        return 2
    if not arguments and not _agreed():
        say(tr("Nothing was removed.", "No se ha borrado nada."))
        return 1
    running.stop(place)
    memory = state(place)
    cluster = memory.get("postgres.folder", "")
    ours = (place.data, place.mail, place.hidden / "broker", place.hidden / "prometheus")
    for folder in (*ours, *([Path(cluster)] if cluster else [])):
        shutil.rmtree(folder, ignore_errors=True)
    if volume := broker.docker_name(place):
        subprocess.run(["docker", "rm", "-f", volume], capture_output=True, check=False)
        subprocess.run(["docker", "volume", "rm", "-f", volume], capture_output=True, check=False)
    for loaded in ("administrator.sqlite", "administrator.postgres", "demo.sqlite", "demo.postgres"):
        memory.put(loaded, value=False)
    memory.put("postgres.folder", "")
    place.prepare()
    say(tr("All data of this clone is gone.", "Todos los datos de este clon se han borrado."))
    return 0


def _agreed() -> bool:
    if not sys.stdin.isatty():
        complain(tr("Say --yes: nobody can be asked here.", "Indique --yes: aquí no se puede preguntar a nadie."))
        return False
    question = tr("Remove all data of this clone? Type yes: ", "¿Borrar todos los datos de este clon? Escriba sí: ")
    return input(question).strip().lower() in {"yes", "y", "sí", "si", "s"}
