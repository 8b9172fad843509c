"""A program outside the suite that hears every event: with the SDK and credentials of its own, nothing else of ours."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

_ROOT: Final = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Outsider:
    """Events go to files in ``folder``; ``url`` holds the credentials of a subscriber."""

    url: str
    folder: Path

    @contextmanager
    def listening(self, word: str, *, again: bool = False) -> Iterator[Path]:
        """Have the program run while the block does, from now on or from the beginning; gives its file."""
        self.folder.mkdir(parents=True, exist_ok=True)
        user = unquote(urlsplit(self.url).username or "")
        file = self.folder / f"{word}.jsonl"
        start = "first" if again else datetime.now(UTC).isoformat()
        # The credentials travel in the environment, so that `ps` shows no password.
        environment = {**os.environ, "PYTHONPATH": f"{_ROOT}:{_ROOT / 'sdk'}", "TRATO_EVENTS_URL": self.url}
        running = subprocess.Popen(
            [sys.executable, "-m", "tools.journey.subscriber", f"{user}.{word}", str(file), start],
            cwd=_ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
        )
        try:
            yield file
        finally:
            running.terminate()
            running.wait()


def heard(file: Path) -> list[dict[str, Any]]:
    """Return the events that the program has written down, in the order in which it heard them, each once."""
    if not file.exists():
        return []
    whole = [line for line in file.read_text(encoding="utf-8").splitlines(keepends=True) if line.endswith("\n")]
    found: dict[str, dict[str, Any]] = {}
    for event in map(json.loads, whole):
        found.setdefault(event["id"], event)
    return list(found.values())
