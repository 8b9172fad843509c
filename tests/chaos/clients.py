"""Clients that write until every write is acknowledged, whatever happens on the way, and remember what they wrote."""

import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from tools.journey.api import Answer, Api


@dataclass
class Ledger:
    """What clients were told is done: under the name of a question, what each record must answer in the end."""

    facts: dict[str, dict[str, Any]] = field(default_factory=dict)
    count: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, question: str, id_: str, value: Any) -> None:
        """Note what one more acknowledged write must have made of a record."""
        with self.lock:
            self.facts.setdefault(question, {})[id_] = value
            self.count += 1

    def also(self, question: str, id_: str, value: Any) -> None:
        """Note what the same write must have made of something else."""
        with self.lock:
            self.facts.setdefault(question, {})[id_] = value


@dataclass
class Client:
    """One caller. ``mine`` holds the records that it made, by kind: nobody else writes to them."""

    api: Api
    ledger: Ledger
    number: int
    shared: dict[str, Any]
    mine: dict[str, list[str]] = field(default_factory=dict)
    written: int = 0

    def __post_init__(self) -> None:
        self.chance = random.Random(self.number)

    def name(self, what: str) -> str:
        """Return a name that nothing else has."""
        self.written += 1
        return f"{what} {self.number}-{self.written}"

    def made(self, kind: str, path: str, body: dict[str, Any]) -> str:
        """Create a record and return its id."""
        id_ = str(self.api.create(path, body)["id"])
        self.mine.setdefault(kind, []).append(id_)
        return id_

    def any_of(self, kind: str, make: Callable[["Client"], object]) -> str:
        """Return one of the client's own records; where it has none yet it makes one."""
        if not self.mine.get(kind):
            make(self)
        return self.chance.choice(self.mine[kind])

    def post(self, path: str, body: dict[str, Any] | None = None, *, expect: int = HTTPStatus.OK) -> Answer:
        """Do what a sub-resource stands for."""
        return self.api.ask("POST", path, body or {}, expect=expect)


def write(client: Client, kinds: list[tuple[int, Callable[[Client], None]]], enough: Callable[[], bool]) -> None:
    """Write one thing after the other, each as often as its weight says, until it is ``enough``."""
    weights, writes = zip(*kinds, strict=True)
    while not enough():
        [one] = client.chance.choices(writes, weights)
        one(client)
