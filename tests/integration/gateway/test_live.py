"""GET /v1/live: events as they happen, to whoever may see them; a thousand idle listeners cost little."""

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import orjson
import pytest

from tests.integration.gateway.conftest import Door
from tests.integration.gateway.people import (
    ADMIN_TOKEN,
    GROUP,
    OTHER_GROUP,
    PERSON,
    READER,
    READER_TOKEN,
    SESSION_ID,
    SESSION_SECRET,
)
from tests.integration.gateway.telling import envelope, tell

pytestmark = pytest.mark.broker

PERSON_CREATED = "crm.contacts.person_created.v1"


class Ear:
    """One listener on a plain socket."""

    def __init__(self, door: Door, token: str = ADMIN_TOKEN, query: str = "", **headers: str) -> None:
        self.socket = socket.create_connection(door.address, 30)
        self.rest = bytearray()
        lines = [f"GET /v1/live{query} HTTP/1.1", "Host: trato"]
        lines.append(
            f"Authorization: Bearer {token}" if token.startswith("trato_") else f"Cookie: trato_session={token}"
        )
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        self.socket.sendall("\r\n".join([*lines, "", ""]).encode())
        self.head = self._until(b"\r\n\r\n")

    def frames(self, count: int, seconds: float = 30) -> list[dict[str, str]]:
        """Return the next frames that are no comments; fewer when no more come in time."""
        found: list[dict[str, str]] = []
        self.socket.settimeout(seconds)
        while len(found) < count:
            try:
                raw = self._until(b"\n\n").decode()
            except TimeoutError:
                break
            if not raw.startswith(":"):
                found.append(dict(line.split(": ", 1) for line in raw.strip().splitlines()))
        return found

    def is_closed(self, seconds: float = 30) -> bool:
        self.socket.settimeout(seconds)
        try:
            while chunk := self.socket.recv(262_144):
                self.rest += chunk
        except TimeoutError:
            return False
        except ConnectionError:
            return True
        return True

    def _until(self, end: bytes) -> bytes:
        at = self.rest.find(end)
        while at < 0:
            chunk = self.socket.recv(262_144)
            if not chunk:
                raise ConnectionError("the stream ended")
            looked_at = max(0, len(self.rest) - len(end))
            self.rest += chunk
            at = self.rest.find(end, looked_at)
        found = bytes(self.rest[:at])
        del self.rest[: at + len(end)]
        return found


@pytest.fixture
def ears() -> Iterator[list[Ear]]:
    opened: list[Ear] = []
    yield opened
    for ear in opened:
        ear.socket.close()


def test_an_event_reaches_a_listener_as_it_was_told(door: Door, ears: list[Ear]) -> None:
    ears.append(Ear(door))
    assert b"200 OK" in ears[0].head
    assert b"text/event-stream" in ears[0].head
    told = envelope(PERSON_CREATED, f"people/{PERSON}", {"name": "Núñez"})
    tell(door.broker_url, told)
    [frame] = ears[0].frames(1)
    assert (frame["id"], frame["event"]) == (told["id"], PERSON_CREATED)
    assert orjson.loads(frame["data"]) == told


def test_each_hears_only_what_the_own_rights_show(door: Door, ears: list[Ear]) -> None:
    ears += [Ear(door), Ear(door, READER_TOKEN), Ear(door, SESSION_SECRET)]
    in_group = envelope(PERSON_CREATED, f"people/{PERSON}", group=GROUP)
    elsewhere = envelope(PERSON_CREATED, f"people/{PERSON}", group=OTHER_GROUP)
    of_reader = envelope(PERSON_CREATED, f"people/{PERSON}", owner=READER["user_id"], group=OTHER_GROUP)
    user = envelope("crm.administration.user_created.v1", f"users/{PERSON}")
    tell(door.broker_url, in_group, elsewhere, of_reader, user)
    assert [frame["id"] for frame in ears[0].frames(4)] == [
        each["id"] for each in (in_group, elsewhere, of_reader, user)
    ]
    for ear, wanted in ((ears[1], of_reader), (ears[2], in_group)):
        assert [frame["id"] for frame in ear.frames(1)] == [wanted["id"]]
        assert ear.frames(1, 0.5) == []


def test_types_choose_what_is_heard(door: Door, ears: list[Ear]) -> None:
    ears.append(Ear(door, query="?types=contacts.company_*,sales.*"))
    company = envelope("crm.contacts.company_created.v1", f"companies/{PERSON}")
    tell(door.broker_url, envelope(PERSON_CREATED, f"people/{PERSON}"), company)
    assert [frame["id"] for frame in ears[0].frames(1)] == [company["id"]]
    assert ears[0].frames(1, 0.5) == []


def test_somebody_who_was_away_goes_on_after_the_last_event_seen(door: Door, ears: list[Ear]) -> None:
    first, second, third = (envelope(PERSON_CREATED, f"people/{PERSON}") for _ in range(3))
    ears += [Ear(door), Ear(door)]
    away, stays = ears
    tell(door.broker_url, first)
    assert away.frames(1)
    away.socket.close()
    tell(door.broker_url, second, third)
    assert len(stays.frames(3)) == 3
    ears.append(Ear(door, Last_Event_ID=first["id"]))
    assert [frame["id"] for frame in ears[2].frames(2)] == [second["id"], third["id"]]
    ears.append(Ear(door, query=f"?last_event_id={second['id']}"))
    assert [frame["id"] for frame in ears[3].frames(1)] == [third["id"]]
    ears.append(Ear(door, Last_Event_ID="unknown"))
    assert ears[4].frames(1)[0]["event"] == "reset"


def test_a_stranger_does_not_listen(door: Door) -> None:
    assert httpx.get(f"{door.url}/v1/live").status_code == 401
    with door.client() as client:
        assert client.get("/v1/live?nonsense=1").status_code == 422


def test_listeners_end_when_the_session_behind_them_does(door: Door, ears: list[Ear]) -> None:
    ears += [Ear(door, SESSION_SECRET), Ear(door)]
    ended = envelope("crm.administration.session_ended.v1", f"sessions/{SESSION_ID}", {"session_id": SESSION_ID})
    tell(door.broker_url, ended)
    assert ears[0].is_closed()
    assert not ears[1].is_closed(0.3)


def test_a_listener_who_does_not_read_is_dropped_and_holds_nobody_up(own_gateway: Door, ears: list[Ear]) -> None:
    ears += [Ear(own_gateway), Ear(own_gateway)]
    slow, quick = ears
    # Not smaller: what the kernel holds for it when it is dropped would come through the window for minutes.
    slow.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 262_144)
    large = {"note": "x" * 100_000}
    tell(own_gateway.broker_url, *(envelope(PERSON_CREATED, f"people/{PERSON}", large) for _ in range(60)))
    assert len(quick.frames(60)) == 60
    # More than the ring and the kernel's buffers hold together.
    for _ in range(9):
        tell(own_gateway.broker_url, *(envelope(PERSON_CREATED, f"people/{PERSON}", large) for _ in range(20)))
        assert len(quick.frames(20)) == 20
    with own_gateway.client() as client:
        assert "trato_live_dropped_total 1.0" in client.get("/metrics").text
    assert slow.is_closed()


def pss(pid: int) -> int:
    """The memory of a process in bytes, its part of what it shares included."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return int(rollup.partition("Pss:")[2].split()[0]) * 1024


@pytest.mark.slow
def test_a_thousand_idle_listeners_cost_less_than_150_mb_and_all_hear(own_gateway: Door, ears: list[Ear]) -> None:
    worker = own_gateway.worker_pid()
    with own_gateway.client() as client:
        client.get(f"/v1/people/{PERSON}")
        before = pss(worker)
        ears += [Ear(own_gateway) for _ in range(1_000)]
        time.sleep(1)
        cost = pss(worker) - before
        began = time.perf_counter()
        told = envelope(PERSON_CREATED, f"people/{PERSON}")
        tell(own_gateway.broker_url, told)
        assert all(ear.frames(1)[0]["id"] == told["id"] for ear in ears)
        took = time.perf_counter() - began
        # Requests find their threads free.
        assert client.get(f"/v1/people/{PERSON}").status_code == 200
        assert "trato_live_listeners 1000.0" in client.get("/metrics").text
    print(f"1,000 listeners: {cost / 1e6:.1f} MB; an event reached all in {took * 1000:.0f} ms")
    assert cost < 150_000_000
