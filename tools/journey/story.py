"""The story so far: who plays in it, what is known of them, and how it says what it saw."""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from tools.journey.api import Api
from tools.journey.outsider import Outsider
from tools.journey.postbox import Postbox
from tools.launcher.words import tr

_PAUSE: Final = 0.15
EURO: Final = "EUR"


class StoryBroken(AssertionError):
    """Something is not as the story says; the sentence tells what, and what was seen instead."""


@dataclass
class Story:
    """One run. Every run has names of its own, so that it may be played again and again, and beside others."""

    api: Api
    postbox: Postbox
    outsider: Outsider
    password: str
    mark: str = field(default_factory=lambda: secrets.token_hex(3))
    patience: float = 60.0  # seconds for what happens by itself
    response_seconds: int = 8  # promised to the customer; in fewer than these the story has to come to the next step
    resolution_seconds: int = 10
    seen: list[str] = field(default_factory=list)
    # What is known by now; each step adds to it.
    known: dict[str, Any] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:
        return self.known[name]

    def __setitem__(self, name: str, value: Any) -> None:
        self.known[name] = value

    @property
    def customer_address(self) -> str:
        """Where the customer of this run gets mail."""
        return f"lucia.{self.mark}@cliente.example"

    def saw(self, english: str, spanish: str) -> None:
        """Note what was seen, in the language of the terminal."""
        self.seen.append(tr(english, spanish))

    def eventually(self, what: str | Callable[[], str], question: Callable[[], Any]) -> Any:
        """Ask again and again until the answer is true, and return it. Raises ``StoryBroken`` with ``what``."""
        end = time.monotonic() + self.patience
        while not (found := question()):
            if time.monotonic() > end:
                sentence = what if isinstance(what, str) else what()
                raise StoryBroken(f"it never happened: {sentence}; last seen: {found!r}")
            time.sleep(_PAUSE)
        return found


@dataclass(frozen=True)
class Step:
    """One step of the story: its sentence, and what happens."""

    english: str
    spanish: str
    play: Callable[[Story], None]

    @property
    def sentence(self) -> str:
        """What happens, in the language of the terminal."""
        return tr(self.english, self.spanish)


def expect(holds: object, what: str, seen: object = None) -> None:
    """Go on where ``holds``. Raises ``StoryBroken`` with the sentence otherwise."""
    if not holds:
        raise StoryBroken(f"it does not hold: {what}" + ("" if seen is None else f"; seen: {seen!r}"))


def same(what: str, seen: object, wanted: object) -> None:
    """Go on where both are equal. Raises ``StoryBroken`` with the sentence otherwise."""
    if seen != wanted:
        raise StoryBroken(f"it does not hold: {what}; seen: {seen!r}; wanted: {wanted!r}")


def euros(amount: str) -> dict[str, str]:
    """Return an amount of money as the API writes it."""
    return {"amount": amount, "currency": EURO}
