"""What the launcher shows: one line per step with its time."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from tools.launcher.words import tr

_WIDTH = 44


class Notes:
    """What a step wants to add to its line."""

    def __init__(self) -> None:
        self.text = ""

    def __call__(self, text: str) -> None:
        self.text = text


def say(text: str = "") -> None:
    """Write one line."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def complain(text: str) -> None:
    """Write one line to the error stream."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


@contextmanager
def step(title: str) -> Iterator[Notes]:
    """Show ``title`` while the block runs, then its notes and how many seconds it took."""
    began = time.monotonic()
    notes = Notes()
    sys.stdout.write(f"  {title} ".ljust(_WIDTH, "·") + " ")
    sys.stdout.flush()
    try:
        yield notes
    except Exception:
        say(tr("failed", "falló"))
        raise
    except BaseException:
        say()
        raise
    spent = f"{time.monotonic() - began:.1f} s"
    say(f"{spent.rjust(7)}  {notes.text}".rstrip())
