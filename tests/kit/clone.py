"""A clone of the repository as somebody just got it, to be started with its own `./trato`."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
LEFT_OUT = (".trato", ".git", ".*_cache", "node_modules", "web", ".env")


class Clone:
    """A copy of the repository whose virtual environment borrows the packages of this test run."""

    def __init__(self, folder: Path) -> None:
        shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(*LEFT_OUT))
        self.folder = folder
        venv = folder / ".trato" / "venv"
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(venv)], check=True)
        site = next(venv.glob("lib/python*/site-packages"))
        (site / "borrowed.pth").write_text(sysconfig.get_path("purelib"))
        lock = (folder / "requirements" / "local.txt").read_bytes()
        (venv / "installed").write_text(hashlib.sha256(lock).hexdigest())

    def trato(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the launcher."""
        environment = {key: value for key, value in os.environ.items() if not key.startswith("TRATO_")}
        command = [str(self.folder / "trato"), *arguments]
        environment |= {"LC_ALL": "C.UTF-8"}
        return subprocess.run(command, env=environment, cwd="/", capture_output=True, text=True, check=False)

    def up(self, *arguments: str) -> str:
        """Start, and return the gateway's address."""
        began = time.monotonic()
        done = self.trato("up", "--detach", *arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        assert time.monotonic() - began < 300
        found = re.search(r"http://127\.0\.0\.1:\d+", done.stdout.rpartition("ready after")[2])
        assert found is not None
        return found[0]


def ask(address: str, path: str, token: str | None = None, body: object = None) -> tuple[int, Any]:
    """Return the status and the JSON that the gateway answers."""
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    data = None if body is None else json.dumps(body).encode()
    try:
        with urllib.request.urlopen(urllib.request.Request(address + path, data, headers), timeout=60) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refused:
        return refused.code, json.load(refused)
