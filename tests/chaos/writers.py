"""Clients that write until every write is acknowledged, whatever happens on the way, and remember what they wrote."""

import random
import threading
import time
import urllib.error
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any

from tests.kit.stack import Answer, Stack

PATIENCE = 120  # seconds for one write
LATER = {408, 409, 429, 500, 502, 503, 504}


class NeverAcknowledged(AssertionError):
    """A write was not acknowledged in time."""


@dataclass
class Written:
    """What the clients were told is done."""

    people: dict[str, int] = field(default_factory=dict)
    interactions: dict[str, str] = field(default_factory=dict)
    retries: int = 0
    replays: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def count(self) -> int:
        """Acknowledged writes so far: creations, changes, interactions."""
        return len(self.people) + sum(self.people.values()) + len(self.interactions)


def write(stack: Stack, written: Written, *, enough: Callable[[], bool], seed: int) -> None:
    """Create people, change them, and record interactions until it is ``enough``."""
    chance = random.Random(seed)
    mine: dict[str, int] = {}
    number = 0
    while not enough():
        number += 1
        kind = chance.random()
        if kind < 0.4 or not mine:
            body = {"first_name": f"Nombre {seed}", "last_name": f"Apellido {seed}-{number}", "allow_duplicate": True}
            answer = _insist(stack, written, "POST", "/v1/people", body, expect=201)
            mine[answer.body["id"]] = 0
            with written.lock:
                written.people[answer.body["id"]] = 0
        elif kind < 0.7:
            id_ = chance.choice(list(mine))
            mine[id_] += 1
            _change(stack, written, id_, f"cambio {mine[id_]}")
            with written.lock:
                written.people[id_] = mine[id_]
        else:
            id_ = chance.choice(list(mine))
            body = {
                "person_id": id_,
                "channel": "phone",
                "direction": "inbound",
                "summary": f"llamada {number}",
                "occurred_at": "2026-01-15T10:00:00Z",
            }
            answer = _insist(stack, written, "POST", "/v1/interactions", body, expect=201)
            with written.lock:
                written.interactions[answer.body["id"]] = id_


def _change(stack: Stack, written: Written, id_: str, note: str) -> None:
    """Change one person. A change whose answer got lost is asked for again under the same key."""
    present = _insist(stack, written, "GET", f"/v1/people/{id_}", None, expect=200)
    body = {"job_title": note}
    _insist(stack, written, "PATCH", f"/v1/people/{id_}", body, expect=200, if_match=present.headers["etag"])


def _insist(
    stack: Stack, written: Written, method: str, path: str, body: Any, *, expect: int, if_match: str | None = None
) -> Answer:
    headers = {"Idempotency-Key": str(uuid.uuid4())} if method != "GET" else {}
    if if_match:
        headers["If-Match"] = if_match
    end = time.monotonic() + PATIENCE
    last: object = None
    while time.monotonic() < end:
        try:
            answer = stack.call(method, path, body, headers=headers, timeout=15)
        except (urllib.error.URLError, HTTPException, OSError, ValueError) as error:
            last = error
        else:
            if answer.status == expect:
                written.replays += "idempotent-replayed" in answer.headers
                return answer
            last = answer
            if answer.status not in LATER:
                break
        written.retries += 1
        time.sleep(0.05 + random.random() * 0.2)
    raise NeverAcknowledged(f"{method} {path} {body}: {last}")
