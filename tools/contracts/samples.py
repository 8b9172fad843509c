"""A sample of each event: a whole envelope, with values that look like what people write."""

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from chassis import events
from chassis.envelope import Envelope, EventActor

_USER = uuid.UUID("0190c6f0-7d1a-7c3e-9b1f-00000000a001")
_GROUP = uuid.UUID("0190c6f0-7d1a-7c3e-9b1f-00000000a002")
_CONTACT = uuid.UUID("0190c6f0-7d1a-7c3e-9b1f-0123456789ab")
_AT = datetime(2026, 11, 2, 9, 30, 0, 417000, tzinfo=UTC)
_SPACE = uuid.UUID("6f1d2c51-6a0f-4c52-8a5e-1d2f0a7c9b11")

# Values for fields of text; others say "text", which is what they are.
_TEXTS = {
    "about": "cases/0190c6f0-7d1a-7c3e-9b1f-0123456789ab",
    "address": "ana.prueba@example.com",
    "because": "failing",
    "case_number": "2026-000123",
    "category": "open",
    "cause": "policy_changed",
    "display_name": "Ana Prueba",
    "email": "marta@example.com",
    "from_state": "new",
    "guess": "reply",
    "html": "<p>Gracias, ya funciona.</p>",
    "interest": "maintenance",
    "key": "sales.currency",
    "kind": "email",
    "language": "es",
    "lead_source": "fair",
    "locale": "es",
    "mail_message_id": "<20261102093000.417@example.com>",
    "mail_token": "k3v9t2",
    "metric": "first_response",
    "name": "Renovación 2026",
    "need": "A second site wants maintenance too",
    "number": "2026-000123",
    "policy": "Gold",
    "prefix": "trato_4f2c",
    "priority": "high",
    "reason": "price",
    "relation_type": "manager",
    "resource": "people",
    "role": "Head of purchasing",
    "sender": "ana.prueba@example.com",
    "sender_name": "Ana Prueba",
    "slowed": "username",
    "stage": "Negotiation",
    "state": "in-progress",
    "status": "5.1.1",
    "subject": "The printer does not print",
    "text": "Thank you, it works now.",
    "time_zone": "Europe/Madrid",
    "title": "Maintenance of 40 printers",
    "token": "one-time-token",
    "transition": "start-work",
    "username": "marta",
    "was": "won",
}
_LISTS = {
    "changed": ["job_title"],
    "kept_values": ["person.job_title"],
    "notify": ["supervisor"],
    "permissions": ["people:read"],
    "recipients": ["ana.prueba@example.com"],
    "cc": ["compras@example.com"],
    "scopes": ["people:read"],
    "unmet": ["real-contact"],
}


def data_of(event: type[events.Event]) -> dict[str, Any]:
    """Return made-up data of an event, the same each time."""
    return {name: _value(name, value) for name, value in events.samples_of(event).items()}


def envelope_of(event: type[events.Event]) -> dict[str, Any]:
    """Return a made-up envelope of an event, as it travels."""
    data = data_of(event)
    return Envelope(
        id=uuid.uuid5(_SPACE, event.type),
        source=f"/crm/{event.source}",
        type=event.type,
        subject=_subject(event, data),
        time=_AT,
        sequence=3,
        data=data,
        correlation_id="01JBN3E4W9Z7Q2",
        actor=EventActor(_USER, "Marta Ruiz", "user"),
        owner=_USER,
        group=_GROUP,
        concerns=event.decode(events.samples_of(event)).concerns(),
        traceparent="00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    ).to_dict()


def _subject(event: type[events.Event], data: Mapping[str, Any]) -> str:
    """Return a subject such as the event has: most name their record first."""
    first = next((name for name in data if name.endswith("_id")), "_id")
    usual = _PLURALS.get(first, f"{first.removesuffix('_id').replace('_', '-')}s")
    return f"{_SUBJECTS.get(event.topic, usual)}/{data.get(first, _CONTACT)}"


_PLURALS = {
    "activity_id": "activities",
    "contact_id": "people",
    "field_id": "fields",
    "item_id": "inbox",
    "key_id": "api-keys",
    "opportunity_id": "opportunities",
    "policy_id": "sla-policies",
}
# Events about another record than the one they name first.
_SUBJECTS = {
    "campaign_member_responded": "campaign-members",
    "case_task_done": "case-tasks",
    "interest_registered": "contact-interests",
    "interest_removed": "contact-interests",
    "log_in_refused": "log-in-brakes",
    "parameter_changed": "parameters",
    "survey_answered": "surveys",
    "survey_sent": "surveys",
}


def _value(name: str, value: Any) -> Any:
    if value == "text":
        return _TEXTS.get(name, value)
    if value == ["text"]:
        return _LISTS.get(name, value)
    return value
