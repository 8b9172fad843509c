"""An event as it travels: CloudEvents 1.0 in JSON, with who, why, in which order, and whom it concerns."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any

_WORDS_OF_A_TYPE = 4


class NotAnEvent(ValueError):
    """A message that cannot be read as an event; the text says why."""


@dataclass(frozen=True)
class Actor:
    """Who did it. ``kind`` is user, api_key, service, system or anonymous; ``id`` is None where nobody is named."""

    id: str | None = None
    name: str = ""
    kind: str = "system"


@dataclass(frozen=True)
class Event:
    """What happened to one record.

    ``subject`` is ``<resource>/<id>``, and ``sequence`` counts the events of the subject: 1, 2, 3 … ``time`` is an
    instant with its zone. ``caused_by`` is the id of the event that led to this one; ``correlation_id`` is the same on
    everything that one request set off. ``owner`` and ``group`` are those of the record at the time; ``concerns``
    names the people and companies. ``data`` is plain JSON: its fields are on the page of the type, ``/docs/events`` of
    a running suite. ``cursor`` is the place in the history, None where the event came live. ``raw`` is the envelope.
    """

    id: str
    source: str
    type: str
    subject: str
    time: datetime
    sequence: int
    data: Mapping[str, Any]
    correlation_id: str = ""
    caused_by: str | None = None
    actor: Actor = field(default_factory=Actor)
    owner: str | None = None
    group: str | None = None
    concerns: tuple[str, ...] = ()
    traceparent: str = ""
    depth: int = 0
    cursor: int | None = None
    raw: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @property
    def service(self) -> str:
        """The service that tells it, for example ``sales``."""
        return self.type.split(".")[1]

    @property
    def topic(self) -> str:
        """What happened, for example ``lead_qualified``."""
        return self.type.split(".")[2]

    @property
    def version(self) -> int:
        """The version of the shape of ``data``."""
        return int(self.type.rpartition(".v")[2])

    @property
    def resource(self) -> str:
        """The subject's resource, for example ``leads``."""
        return self.subject.partition("/")[0]

    @property
    def subject_id(self) -> str:
        """The id of the record that it is about."""
        return self.subject.partition("/")[2]

    @classmethod
    def from_json(cls, body: bytes | str, *, cursor: int | None = None) -> "Event":
        """Read an envelope; keys it does not know are kept in ``raw`` only. Raise ``NotAnEvent``."""
        try:
            values = json.loads(body)
            return cls._read(values, cursor)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise NotAnEvent(f"this is no event: {error!r}") from error

    @classmethod
    def _read(cls, values: Mapping[str, Any], cursor: int | None) -> "Event":
        type_, data, actor = str(values["type"]), values["data"], values.get("actor") or {}
        if len(type_.split(".")) != _WORDS_OF_A_TYPE or not type_.rpartition(".v")[2].isdecimal():
            raise ValueError(f"{type_} is no type of an event")
        if not isinstance(data, Mapping):
            raise TypeError("data is not an object")
        return cls(
            id=str(values["id"]),
            source=str(values["source"]),
            type=type_,
            subject=str(values["subject"]),
            time=instant(values["time"]),
            sequence=int(values["sequence"]),
            data=data,
            correlation_id=values.get("correlationid") or "",
            caused_by=values.get("causedby") or None,
            actor=Actor(actor.get("id"), actor.get("name") or "", actor.get("kind") or "system"),
            owner=values.get("owner") or None,
            group=values.get("group") or None,
            concerns=tuple(values.get("concerns") or ()),
            traceparent=values.get("traceparent") or "",
            depth=int(values.get("depth") or 0),
            cursor=cursor,
            raw=values,
        )


def instant(text: str) -> datetime:
    """Return an instant; UTC where the text names no zone. Raise ``ValueError``."""
    # Python 3.10 does not read the Z of RFC 3339.
    found = datetime.fromisoformat(text[:-1] + "+00:00" if text.endswith("Z") else text)
    return found if found.tzinfo else found.replace(tzinfo=timezone.utc)
