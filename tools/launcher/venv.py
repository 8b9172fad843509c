"""The virtual environment: made once, filled from a lock with hashes, left alone while the lock is unchanged."""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tools.launcher import machine
from tools.launcher.place import Place
from tools.launcher.terminal import step
from tools.launcher.trouble import Trouble
from tools.launcher.words import tr


def ensure(place: Place, lock: str = "local") -> None:
    """Install ``requirements/<lock>.txt`` unless that very lock is installed already.

    Raises ``Trouble`` with the last lines of pip when a package cannot be had.
    """
    wanted = _fingerprint(place, lock)
    stamp = place.venv / "installed"
    if stamp.exists() and wanted in stamp.read_text(encoding="ascii").split():
        return
    if not _works(place):
        _make(place)
    log = place.log("pip")
    source = place.root / "requirements" / f"{lock}.txt"
    with step(tr("Installing Python packages", "Instalando paquetes de Python")) as note:
        command = [
            str(place.python),
            "-m",
            "pip",
            "install",
            "--require-hashes",
            "--no-deps",
            "--disable-pip-version-check",
            "--no-input",
            "--progress-bar=off",
            "-r",
            str(source),
        ]
        if _run(command, log):
            raise Trouble(
                tr("The Python packages could not be installed.", "No se pudieron instalar los paquetes de Python."),
                log,
            )
        note(str(sum("==" in line for line in source.read_text(encoding="utf-8").splitlines())))
    # The developers' lock holds everything of the local one, at the same versions.
    satisfied = {wanted, _fingerprint(place, "local")} if lock == "dev" else {wanted}
    stamp.write_text("\n".join(sorted(satisfied)), encoding="ascii")


def environment(place: Place) -> dict[str, str]:
    """Return the environment of a program that runs in the virtual environment."""
    foreign = {"PYTHONHOME", "PYTHONSAFEPATH", "VIRTUAL_ENV", "PYTHONPATH"}
    kept = {key: value for key, value in os.environ.items() if key not in foreign}
    kept["PATH"] = f"{place.venv / 'bin'}{os.pathsep}{kept.get('PATH', os.defpath)}"
    return {**kept, "VIRTUAL_ENV": str(place.venv), "PYTHONPATH": str(place.root), "PYTHONNOUSERSITE": "1"}


def _works(place: Place) -> bool:
    """Whether the environment exists and stands where it was made: it does not survive being moved."""
    if not place.python.exists():
        return False
    asked = [str(place.python), "-c", "import pip, sys; print(sys.prefix)"]
    answer = subprocess.run(asked, capture_output=True, text=True, check=False)
    return answer.returncode == 0 and Path(answer.stdout.strip()) == place.venv


def _make(place: Place) -> None:
    if importlib.util.find_spec("ensurepip") is None:
        machine.install(place, "python3-venv")
    with step(tr("Making the virtual environment", "Creando el entorno virtual")):
        shutil.rmtree(place.venv, ignore_errors=True)
        log = place.log("venv")
        if _run([sys.executable, "-m", "venv", str(place.venv)], log):
            raise Trouble(
                tr(
                    "Python could not make a virtual environment; on Debian the package python3-venv is needed.",
                    "Python no pudo crear un entorno virtual; en Debian hace falta el paquete python3-venv.",
                ),
                log,
            )


def _run(command: list[str], log: Path) -> int:
    with log.open("wb") as out:
        return subprocess.run(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, check=False).returncode


def _fingerprint(place: Place, lock: str) -> str:
    content = (place.root / "requirements" / f"{lock}.txt").read_bytes()
    return hashlib.sha256(content).hexdigest()
