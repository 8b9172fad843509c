"""What a clone remembers between runs: its ports and choices in `state.json`, its secrets in `secrets.json`."""

import json
import os
import secrets
from pathlib import Path
from typing import TypeVar

from tools.launcher.place import Place

_Kept = TypeVar("_Kept", str, int, bool)


class Memory:
    """A small JSON file that only its owner can read, read anew and written at once each time."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def get(self, key: str, default: _Kept) -> _Kept:
        """Return what is remembered, or ``default``."""
        found = self._read().get(key)
        return found if isinstance(found, type(default)) else default

    def put(self, key: str, value: str | int | bool) -> None:
        """Remember ``value`` from now on."""
        kept = self._read()
        if kept.get(key) == value:
            return
        fresh = self.path.with_suffix(".new")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            json.dump({**kept, key: value}, stream, indent=1, sort_keys=True)
        fresh.replace(self.path)

    def _read(self) -> dict[str, str | int | bool]:
        try:
            kept: dict[str, str | int | bool] = json.loads(self.path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        return kept

    def secret(self, key: str) -> str:
        """Return the secret of this name; it is made on the first request and never changes."""
        if not self.get(key, ""):
            self.put(key, secrets.token_urlsafe(36).replace("-", "x").replace("_", "y"))
        return self.get(key, "")


def state(place: Place) -> Memory:
    """Return what the clone remembers about itself."""
    return Memory(place.hidden / "state.json")


def secret_store(place: Place) -> Memory:
    """Return the clone's secrets."""
    return Memory(place.hidden / "secrets.json")
