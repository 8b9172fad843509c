"""Who hears which live event, and how somebody who was away goes on."""

import functools
import socket
import uuid
from typing import Any

import orjson
import pytest

from chassis.context import Actor
from gateway.handover import Handover
from gateway.live.hub import Hub
from gateway.live.listener import Listener, Wanted
from gateway.live.ring import LiveEvent, Ring

ME, GROUP, OTHER = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()


def event(number: int = 1, **changes: Any) -> LiveEvent:
    envelope = {
        "id": f"e{number}",
        "type": "crm.contacts.person_created.v1",
        "subject": "people/7",
        "owner": None,
        "group": None,
        **changes,
    }
    return LiveEvent.parse(orjson.dumps(envelope))


def hears(permissions: dict[str, Any], types: str = "", **changes: Any) -> bool:
    actor = Actor(user_id=ME, permissions=permissions, teams=frozenset({GROUP}))
    return Listener(actor, Wanted(types), None, seconds=60).hears(event(**changes))


@pytest.mark.parametrize(
    ("scope", "owner", "group", "expected"),
    [
        ("all", None, None, True),
        ("all", OTHER, OTHER, True),
        ("own", ME, None, True),
        ("own", OTHER, GROUP, False),
        ("own", None, None, False),
        ("team", ME, OTHER, True),
        ("team", OTHER, GROUP, True),
        ("team", OTHER, OTHER, False),
        ("team", None, None, False),
    ],
)
def test_events_follow_the_scope_of_their_record(
    scope: str, owner: uuid.UUID | None, group: uuid.UUID | None, expected: bool
) -> None:
    places = {"owner": owner and str(owner), "group": group and str(group)}
    assert hears({"people:read": scope}, **places) is expected


def test_without_the_permission_nothing_is_heard() -> None:
    assert not hears({"companies:*": "all", "people:write": "all"}, owner=str(ME))


@pytest.mark.parametrize(
    ("types", "expected"),
    [
        ("", True),
        ("crm.contacts.person_created.v1", True),
        ("contacts.person_created.v1", True),
        ("contacts.*", True),
        ("sales.*, contacts.person_*", True),
        ("sales.*", False),
        ("contacts.person_created", False),
        ("*created*", True),
    ],
)
def test_types_are_filtered_by_name_and_asterisk(types: str, expected: bool) -> None:
    assert hears({"*:*": "all"}, types) is expected


def test_the_ring_forgets_the_oldest_by_number_and_by_bytes_and_takes_nothing_twice() -> None:
    ring = Ring(max_events=3, max_bytes=10_000)
    assert all(ring.append(event(number)) for number in range(5))
    assert not ring.append(event(4))
    assert (ring.first, ring.next) == (2, 5)
    assert ring.after("e1") is None
    assert ring.after("e3") == 4
    small = Ring(max_events=100, max_bytes=len(event(1).frame) * 2 + 1)
    for number in range(5):
        small.append(event(number))
    assert small.next - small.first == 2


def test_a_listener_resumes_after_the_last_event_it_saw() -> None:
    ring = Ring(100, 100_000)
    for number in range(4):
        ring.append(event(number))
    frames = _told(ring, last="e1")
    assert [frame.partition(b"\n")[0] for frame in frames] == [b"id: e2", b"id: e3"]


def test_a_listener_whose_last_event_is_gone_is_told_to_look_anew() -> None:
    ring = Ring(2, 100_000)
    for number in range(4):
        ring.append(event(number))
    assert _told(ring, last="e0") == [b"event: reset\ndata: {}"]


def test_a_new_listener_hears_only_what_comes_now() -> None:
    ring = Ring(100, 100_000)
    ring.append(event(1))
    assert _told(ring, last=None) == []


def test_whoever_reads_how_the_answer_begins_hears_all_that_is_told_from_then_on() -> None:
    hub = Hub()
    listener = Listener(Actor(permissions={"*:*": "all"}), Wanted(""), None, seconds=60)
    ours, theirs = socket.socketpair()
    with theirs:
        Handover(functools.partial(hub.adopt, listener=listener), [("X", "y")]).take(ours)
        theirs.settimeout(0.2)
        with pytest.raises(TimeoutError):
            theirs.recv(1)  # the hub does not know of it yet
        hub.start()
        theirs.settimeout(30)
        told = theirs.recv(100_000)
        assert told == b"HTTP/1.1 200 OK\r\nConnection: close\r\nX: y\r\n\r\n"
        hub.publish(event(1))
        assert theirs.recv(100_000).startswith(b"id: e1\n")
        hub.stop()
        assert theirs.recv(1) == b""


def test_a_line_break_in_an_envelope_cannot_end_its_frame() -> None:
    parsed = LiveEvent.parse(b'{"id": "e1",\n\n "type": "crm.a.b.v1", "subject": "people/1"}')
    assert parsed.frame.count(b"\n") == 4


def _told(ring: Ring, last: str | None) -> list[bytes]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.setblocking(False)
        listener = Listener(Actor(permissions={"*:*": "all"}), Wanted(""), last, seconds=60)
        listener.start(ours, ring)
        assert not listener.pump(ring)
        theirs.settimeout(0.2)
        try:
            return [frame for frame in theirs.recv(100_000).split(b"\n\n") if frame]
        except TimeoutError:
            return []
