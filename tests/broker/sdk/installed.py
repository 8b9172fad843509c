"""The SDK as another department has it: installed by pip into an environment that holds nothing of ours."""

import fcntl
import os
import subprocess
import sys
from pathlib import Path

from tests.kit.stack import ROOT


def install(folder: Path) -> Path:
    """Install the SDK and return the folder of its programs; workers of one run that name one folder share it."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        programs = folder / "venv" / "bin"
        if not (programs / "trato-events").exists():
            _run(
                [
                    str(Path(sys.executable).with_name("uv")),
                    "venv",
                    "--quiet",
                    "--clear",
                    "--python",
                    sys.executable,
                    "venv",
                ],
                folder,
            )
            _run([sys.executable, "-m", "pip", "--python", "venv", "install", "--quiet", str(ROOT / "sdk")], folder)
        return programs


def _run(command: list[str], folder: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "VIRTUAL_ENV"}}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
