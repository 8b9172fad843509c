"""Events: facts one service tells the others.

An event is a frozen dataclass in ``contracts/<source>.py``. The class is the schema, its docstring is the
documentation, its module names the source and its name the topic.
"""

import dataclasses
import inspect
import re
import uuid
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar, Self

from chassis import event_codec
from chassis.envelope import Envelope, EventActor, Undecodable

__all__ = [
    "ContactId",
    "Envelope",
    "Event",
    "EventActor",
    "Undecodable",
    "concerns_contacts",
    "event_class",
    "json_schema",
    "registered",
    "samples_of",
]

# A field that names a person or a company. The envelope's ``concerns`` collects them, so that a subscriber
# that follows contacts (the timeline) needs to know no event's shape.
ContactId = Annotated[uuid.UUID, event_codec.CONTACT]

_RESERVED = frozenset({"source", "topic", "type", "schema_version", "public", "encode", "decode", "concerns"})
_CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_registry: dict[str, type["Event"]] = {}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened. Subclasses name it in the past tense.

    A new optional field is free: readers ignore keys they do not know. A new meaning is a new event; a
    changed shape is the same event with ``class LeadQualified(Event, version=2)``. ``public=True`` says that it is
    meant for others than our own services, none of which need listen to it.
    """

    source: ClassVar[str]
    topic: ClassVar[str]
    schema_version: ClassVar[int]
    type: ClassVar[str]
    public: ClassVar[bool]

    def __init_subclass__(cls, *, version: int = 1, source: str | None = None, public: bool = False) -> None:
        taken = _RESERVED & set(inspect.get_annotations(cls))
        if taken:
            raise TypeError(f"{cls.__name__}: a field may not be called {', '.join(sorted(taken))}")
        cls.source = source or cls.__module__.rpartition(".")[2]
        cls.topic = _CAPITAL.sub("_", cls.__name__).lower()
        cls.schema_version = version
        cls.public = public
        cls.type = f"crm.{cls.source}.{cls.topic}.v{version}"
        _register(cls)

    def encode(self) -> dict[str, Any]:
        """Return the event as plain JSON values."""
        return event_codec.encode(self)

    @classmethod
    def decode(cls, data: Mapping[str, Any]) -> Self:
        """Rebuild an event from plain JSON values; keys this version does not know are ignored.

        Raises ``Undecodable`` naming the field that is missing or wrong.
        """
        try:
            return event_codec.decode(cls, data)
        except event_codec.WrongValue as error:
            raise Undecodable(f"{cls.type}: {error}") from error

    def concerns(self) -> tuple[uuid.UUID, ...]:
        """Return the contacts this event is about: the values of its ``ContactId`` fields, each once."""
        return event_codec.contacts(self)


def event_class(type_: str) -> type[Event] | None:
    """Return the class that declares ``crm.sales.lead_qualified.v1``, or None where none is imported."""
    return _registry.get(type_)


def registered() -> Iterator[type[Event]]:
    """Return every declared event, by type."""
    return iter([_registry[type_] for type_ in sorted(_registry)])


def concerns_contacts(event: type[Event]) -> bool:
    """Whether the event has a ``ContactId``, so that it stands on timelines."""
    return event_codec.names_contacts(event)


def json_schema(event: type[Event]) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of the event's data, with its docstring as description."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"/v1/events/{event.type}",
        "title": event.__name__,
        **event_codec.schema(event),
    }


def samples_of(event: type[Event]) -> dict[str, Any]:
    """Return made-up data in the event's shape, for documentation and for tests of older samples."""
    return event_codec.sample(event)


def _register(event: type[Event]) -> None:
    known = _registry.get(event.type)
    if known is not None and (known.__module__, known.__qualname__) != (event.__module__, event.__qualname__):
        raise TypeError(f"{event.type} is declared twice: in {known.__module__} and in {event.__module__}")
    _registry[event.type] = event
