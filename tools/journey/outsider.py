"""A program outside the suite that hears every event: started with credentials of its own, watched by its file."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

_ROOT: Final = Path(__file__).resolve().parents[2]
LISTENING: Final = "listening"


@dataclass(frozen=True)
class Outsider:
    """Events go to files in ``folder``; ``url`` holds credentials that can read events and do nothing else."""

    url: str
    folder: Path

    @contextmanager
    def listening(self, name: str, *, again: bool = False) -> Iterator[Path]:
        """Have the program run while the block does, from now on or from the beginning; gives its file."""
        self.folder.mkdir(parents=True, exist_ok=True)
        file = self.folder / f"{name}.jsonl"
        # The credentials travel in the environment, so that `ps` shows no password.
        running = subprocess.Popen(
            [sys.executable, "-m", "tools.journey.subscriber", name, str(file), *(["--again"] if again else [])],
            cwd=_ROOT,
            env={"PYTHONPATH": str(_ROOT), "EVENTS_URL": self.url},
            stdin=subprocess.DEVNULL,
        )
        try:
            yield file
        finally:
            running.terminate()
            running.wait()


def is_listening(file: Path) -> bool:
    """Whether the program has begun to listen."""
    return file.exists() and f'"{LISTENING}"' in file.read_text(encoding="utf-8")


def heard(file: Path) -> list[dict[str, Any]]:
    """Return the events that the program has written down, in the order in which it heard them, each once."""
    if not file.exists():
        return []
    whole = [line for line in file.read_text(encoding="utf-8").splitlines(keepends=True) if line.endswith("\n")]
    read = (json.loads(line) for line in whole)
    found: dict[str, dict[str, Any]] = {}
    for event in read:
        if event != LISTENING:
            found.setdefault(event["id"], event)
    return list(found.values())
