"""What the launcher shows: one line per step with its time."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from tools.launcher.words import tr

_WIDTH = 44


class Notes:
    """What a step wants to add to its line."""

    def __init__(self, title: str) -> None:
        self.title = f"  {title} ".ljust(_WIDTH, "·") + " "
        self.text = ""

    def __call__(self, text: str) -> None:
        self.text = text


_open_lines: list[Notes] = []


def say(text: str = "") -> None:
    """Write one line."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def complain(text: str) -> None:
    """Write one line to the error stream, below the line of a step that still runs."""
    if _open_lines:
        _open_lines.clear()
        say()
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


@contextmanager
def step(title: str) -> Iterator[Notes]:
    """Show ``title`` while the block runs, then its notes and how many seconds it took."""
    began = time.monotonic()
    notes = Notes(title)
    sys.stdout.write(notes.title)
    sys.stdout.flush()
    _open_lines.append(notes)
    outcome = tr("failed", "falló")
    try:
        yield notes
        outcome = f"{time.monotonic() - began:.1f} s".rjust(7)
    except Exception:
        raise
    except BaseException:
        outcome = ""
        raise
    finally:
        unbroken = notes in _open_lines
        _open_lines.clear()
        say(f"{'' if unbroken else notes.title}{outcome}  {notes.text}".rstrip())
