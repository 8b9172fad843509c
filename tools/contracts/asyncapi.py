"""The events as AsyncAPI 3 and as a catalogue with a sample of each."""

import importlib
import inspect
from pathlib import Path
from typing import Any

from chassis import events
from tools.contracts import meanings, samples

ROOT = Path(__file__).resolve().parents[2]
EXCHANGE = "crm.events"


def build() -> dict[str, Any]:
    """Return the AsyncAPI document of every event of every service."""
    declared = _declared()
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Trato events",
            "version": "1",
            "description": "Every event travels in a CloudEvents 1.0 envelope in JSON on the topic exchange "
            f"{EXCHANGE}; the routing key is the event's type. At least once, in order per subject.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "defaultContentType": "application/cloudevents+json",
        "channels": {event.type: _channel(event) for event in declared},
        "operations": {
            event.type: {"action": "send", "channel": {"$ref": f"#/channels/{_escaped(event.type)}"}}
            for event in declared
        },
        "components": {"schemas": {"Envelope": ENVELOPE, **{event.type: _schema(event) for event in declared}}},
    }


def catalogue() -> dict[str, Any]:
    """Return each event's type, sentence, JSON Schema and a sample of its data."""
    return {
        event.type: {
            "name": event.__name__,
            "source": event.source,
            "summary": (inspect.getdoc(event) or "").splitlines()[0],
            "schema": _schema(event),
            "sample": samples.data_of(event),
        }
        for event in _declared()
    }


def _schema(event: type[events.Event]) -> dict[str, Any]:
    return meanings.explained(events.json_schema(event))


def _declared() -> list[type[events.Event]]:
    for path in sorted((ROOT / "contracts").glob("*.py")):
        if path.stem != "__init__":
            importlib.import_module(f"contracts.{path.stem}")
    return [event for event in events.registered() if event.__module__.startswith("contracts.")]


def _channel(event: type[events.Event]) -> dict[str, Any]:
    summary = (inspect.getdoc(event) or "").splitlines()
    return {
        "address": event.type,
        "title": event.__name__,
        "description": "\n".join(summary),
        "messages": {
            event.topic: {
                "name": event.__name__,
                "summary": summary[0] if summary else event.__name__,
                "contentType": "application/cloudevents+json",
                "payload": {
                    "allOf": [
                        {"$ref": "#/components/schemas/Envelope"},
                        {
                            "type": "object",
                            "properties": {"data": {"$ref": f"#/components/schemas/{_escaped(event.type)}"}},
                        },
                    ]
                },
                "examples": [{"name": event.__name__, "payload": samples.envelope_of(event)}],
            }
        },
        "bindings": {"amqp": {"is": "routingKey", "exchange": {"name": EXCHANGE, "type": "topic", "durable": True}}},
    }


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


def _nullable(kind: str, **more: str) -> dict[str, Any]:
    return {"type": [kind, "null"], **more}


ENVELOPE: dict[str, Any] = {
    "type": "object",
    "description": "CloudEvents 1.0 with extension attributes in lower case.",
    "required": ["specversion", "id", "source", "type", "subject", "time", "sequence", "data"],
    "properties": {
        "specversion": {"const": "1.0"},
        "id": {"type": "string", "format": "uuid", "description": "Unique; use it to drop repetitions."},
        "source": {"type": "string", "description": "/crm/ and the service that tells it."},
        "type": {"type": "string", "description": "crm.<source>.<topic>.v<version>, also the routing key."},
        "subject": {"type": "string", "description": "<resource>/<id>: the record it is about."},
        "time": {"type": "string", "format": "date-time"},
        "dataschema": {"type": "string"},
        "datacontenttype": {"const": "application/json"},
        "sequence": {"type": "integer", "minimum": 1, "description": "Counts the events of the subject from 1."},
        "correlationid": {"type": "string", "description": "The same on everything one request set off."},
        "causedby": _nullable("string", description="The id of the event that led to this one."),
        "actor": {
            "type": "object",
            "properties": {
                "id": _nullable("string", format="uuid"),
                "name": {"type": "string"},
                "kind": {"enum": ["user", "api_key", "service", "system", "anonymous"]},
            },
        },
        "owner": _nullable("string", format="uuid", description="Who owned the record at the time."),
        "group": _nullable("string", format="uuid", description="The group the record belonged to at the time."),
        "concerns": {
            "type": "array",
            "items": {"type": "string", "format": "uuid"},
            "description": "The people and companies it is about.",
        },
        "traceparent": {"type": "string", "description": "W3C trace context of the request behind it."},
        "depth": {"type": "integer", "minimum": 0, "description": "How many events led here."},
        "data": {"type": "object"},
    },
}
