"""Where reading begins: now, at the first event that is kept, at a date, or at a cursor; and how that is remembered."""

import json
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from typing import Any

from trato_events.event import Event, instant

# ``now``, ``first``, a cursor, a day (UTC), an instant; text is read as one of these.
Start = int | date | datetime | str
NOW = "now"
FIRST = "first"
# The broker knows when it took an event, the event when it happened; clocks differ, and an outbox may have waited.
_MARGIN = timedelta(minutes=5)


@dataclass(frozen=True)
class Reading:
    """A place in the history. ``since`` leaves out what happened before an instant."""

    offset: str | int | datetime
    since: datetime | None = None

    @classmethod
    def at(cls, start: Start) -> "Reading":
        """Return the place for ``first``, a date or an instant, or a cursor. Raise ``ValueError``."""
        if isinstance(start, str):
            if start == FIRST:
                return cls(FIRST)
            if start == NOW:
                return cls("next")
            return cls.at(int(start) if start.isdecimal() else _instant(start))
        if isinstance(start, datetime):
            at = start if start.tzinfo else start.replace(tzinfo=timezone.utc)
            return cls(at - _MARGIN, at)
        if isinstance(start, date):
            return cls.at(datetime.combine(start, time(), timezone.utc))
        if isinstance(start, bool) or start < 0:
            raise ValueError(f"{start!r} is no cursor: a number from 0")
        return cls(start)

    def takes(self, event: Event) -> bool:
        """Whether the event happened late enough."""
        return self.since is None or event.time >= self.since

    def moved(self, offset: int) -> "Reading":
        """Return the same reading further on."""
        return Reading(offset, self.since)

    def to_word(self) -> str:
        """Return what a store keeps."""
        offset = {"at": self.offset.isoformat()} if isinstance(self.offset, datetime) else self.offset
        return json.dumps({"offset": offset, "since": self.since and self.since.isoformat()})

    @classmethod
    def from_word(cls, word: str) -> "Reading":
        """Read what a store has kept."""
        values: dict[str, Any] = json.loads(word)
        offset = values["offset"]
        return cls(
            instant(offset["at"]) if isinstance(offset, dict) else offset,
            instant(values["since"]) if values["since"] else None,
        )


def _instant(text: str) -> datetime:
    try:
        return instant(text)
    except ValueError:
        raise ValueError(
            f"{text!r} is no place to begin: say first, a date such as 2026-11-02, an instant, or a cursor (a number)."
        ) from None
