"""Events as services tell them, put straight on the bus."""

import uuid
from typing import Any

import amqp
import orjson

from chassis.bus.connection import connect


def envelope(type_: str, subject: str, data: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": str(uuid.uuid4()),
        "source": "/crm/contacts",
        "type": type_,
        "subject": subject,
        "time": "2026-11-22T12:00:00+00:00",
        "sequence": 1,
        "owner": None,
        "group": None,
        "data": data or {},
        **more,
    }


def tell(broker_url: str, *envelopes: dict[str, Any]) -> None:
    connection = connect(broker_url, name="teller")
    try:
        channel = connection.channel()
        for each in envelopes:
            message = amqp.Message(orjson.dumps(each), content_type="application/cloudevents+json")
            channel.basic_publish(message, "crm.events", each["type"])
    finally:
        connection.close()
