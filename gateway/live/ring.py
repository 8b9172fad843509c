"""The last events, kept so that a listener who was away can go on where it stopped."""

import uuid
from collections.abc import Mapping
from typing import Any, Self

import orjson


class LiveEvent:
    """One event, parsed once for everybody and framed once for everybody."""

    __slots__ = ("frame", "group", "id", "owner", "resource", "type")

    def __init__(self, envelope: Mapping[str, Any], raw: bytes) -> None:
        self.id: str = envelope["id"]
        self.type: str = envelope["type"]
        self.resource = str(envelope.get("subject") or "").partition("/")[0]
        self.owner = _uuid(envelope.get("owner"))
        self.group = _uuid(envelope.get("group"))
        self.frame = b"id: %s\nevent: %s\ndata: %s\n\n" % (self.id.encode(), self.type.encode(), raw)

    @classmethod
    def parse(cls, raw: bytes) -> Self:
        """Return the event of an envelope as it travels; raise ``ValueError`` or ``KeyError`` for no envelope."""
        envelope = orjson.loads(raw)
        # A line break would end the frame; JSON written by a stranger may hold some.
        return cls(envelope, orjson.dumps(envelope) if b"\n" in raw or b"\r" in raw else raw)


class Ring:
    """Events by ascending position; the oldest fall out by number and by bytes."""

    def __init__(self, max_events: int, max_bytes: int) -> None:
        self._max_events = max_events
        self._max_bytes = max_bytes
        self._bytes = 0
        self._events: dict[int, LiveEvent] = {}
        self._positions: dict[str, int] = {}
        self.first = 0
        self.next = 0

    def append(self, event: LiveEvent) -> bool:
        """Keep ``event``; False where it is here already (a broker may deliver twice)."""
        if event.id in self._positions:
            return False
        self._events[self.next] = event
        self._positions[event.id] = self.next
        self._bytes += len(event.frame)
        self.next += 1
        while len(self._events) > self._max_events or self._bytes > self._max_bytes:
            self._forget_oldest()
        return True

    def at(self, position: int) -> LiveEvent:
        """Return the event at ``position``, which lies in ``first <= position < next``."""
        return self._events[position]

    def after(self, event_id: str) -> int | None:
        """Return the position that follows the event, or None where it has fallen out."""
        position = self._positions.get(event_id)
        return None if position is None else position + 1

    def _forget_oldest(self) -> None:
        event = self._events.pop(self.first)
        del self._positions[event.id]
        self._bytes -= len(event.frame)
        self.first += 1


def _uuid(value: str | None) -> uuid.UUID | None:
    return uuid.UUID(value) if value else None
