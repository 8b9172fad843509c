"""The envelope of an event: CloudEvents 1.0 in JSON, with who, why and in which order."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

import orjson

CONTENT_TYPE = "application/cloudevents+json"


class Undecodable(ValueError):
    """A message that is no event of ours, or whose data does not fit its declaration."""


@dataclass(frozen=True, slots=True)
class EventActor:
    """Who did it: ``kind`` is user, api_key, service, system or anonymous."""

    id: uuid.UUID | None
    name: str
    kind: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Envelope:
    """What surrounds an event's data.

    ``subject`` is ``<resource>/<id>``; ``sequence`` counts 1, 2, 3 … per subject and a consumer sees it
    ascending. ``caused_by`` is the id of the event that led to this one; ``depth`` counts such steps.
    ``owner`` and ``group`` are the subject's at the time. ``data`` is plain JSON.
    """

    id: uuid.UUID
    source: str
    type: str
    subject: str
    time: datetime
    sequence: int
    data: Mapping[str, Any]
    correlation_id: str = ""
    caused_by: uuid.UUID | None = None
    actor: EventActor = field(default_factory=lambda: EventActor(None, "", "system"))
    owner: uuid.UUID | None = None
    group: uuid.UUID | None = None
    concerns: tuple[uuid.UUID, ...] = ()
    traceparent: str = ""
    depth: int = 0

    @property
    def resource(self) -> str:
        """The subject's resource, for example ``people``."""
        return self.subject.partition("/")[0]

    @property
    def subject_id(self) -> uuid.UUID:
        """The id of the record that the event is about."""
        return uuid.UUID(self.subject.partition("/")[2])

    def to_json(self) -> bytes:
        """Return the envelope as it travels."""
        return orjson.dumps(self.to_dict())

    def to_dict(self) -> dict[str, Any]:
        """Return the envelope as plain JSON values."""
        return {
            "specversion": "1.0",
            "id": str(self.id),
            "source": self.source,
            "type": self.type,
            "subject": self.subject,
            "time": self.time.isoformat(),
            "dataschema": data_schema(self.type),
            "datacontenttype": "application/json",
            "sequence": self.sequence,
            "correlationid": self.correlation_id,
            "causedby": _text(self.caused_by),
            "actor": {"id": _text(self.actor.id), "name": self.actor.name, "kind": self.actor.kind},
            "owner": _text(self.owner),
            "group": _text(self.group),
            "concerns": [str(each) for each in self.concerns],
            "traceparent": self.traceparent,
            "depth": self.depth,
            "data": self.data,
        }

    @classmethod
    def from_json(cls, body: bytes | str) -> Self:
        """Read an envelope; keys it does not know are ignored. Raise ``Undecodable``."""
        try:
            return cls.from_dict(orjson.loads(body))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise Undecodable(f"this is no event: {error!r}") from error

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Read an envelope from plain JSON values. Raise ``KeyError``, ``TypeError`` or ``ValueError``."""
        actor = values.get("actor") or {}
        subject, data = str(values["subject"]), values["data"]
        if not isinstance(data, Mapping):
            raise TypeError("data is not an object")
        return cls(
            id=uuid.UUID(values["id"]),
            source=str(values["source"]),
            type=str(values["type"]),
            subject=subject,
            time=datetime.fromisoformat(values["time"]),
            sequence=int(values["sequence"]),
            data=data,
            correlation_id=values.get("correlationid") or "",
            caused_by=_id(values.get("causedby")),
            actor=EventActor(_id(actor.get("id")), actor.get("name") or "", actor.get("kind") or "system"),
            owner=_id(values.get("owner")),
            group=_id(values.get("group")),
            concerns=tuple([uuid.UUID(each) for each in values.get("concerns") or ()]),
            traceparent=values.get("traceparent") or "",
            depth=int(values.get("depth") or 0),
        )


def data_schema(type_: str) -> str:
    """Return the address of the JSON Schema of an event type's data."""
    return f"/v1/events/{type_}"


def _text(value: uuid.UUID | None) -> str | None:
    return None if value is None else str(value)


def _id(value: str | None) -> uuid.UUID | None:
    return uuid.UUID(value) if value else None
