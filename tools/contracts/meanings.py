"""What a field of an event means: a sentence for each name that several events share, and rules for the others.

A name means the same in every event; what is particular to one event stands in the event's own sentence.
"""

from collections.abc import Mapping
from typing import Any

_MEANINGS = {
    "about": "The record that it concerns, as <resource>/<id>.",
    "active": "Whether the user may sign in.",
    "address": "The address concerned: of a mail, or the network address of a caller.",
    "amount": "What it is worth; null where nobody has said so yet.",
    "asked_by": "The user who asked for it.",
    "assigned_by": "The user who assigned it.",
    "attachments": "The keys of files in the blob store.",
    "automatic": "Whether a rule did it and no person.",
    "because": "Why, as a slug.",
    "before": "The instant at which it fell due until now.",
    "before_id": "The user whose it was until now.",
    "branch_id": "The branch of ours where it took place.",
    "campaign_id": "The campaign that gets the credit.",
    "case_number": "The number of the case that the mail belongs to, where it could be found out.",
    "category": "What the state means in every workflow: new, open, waiting, resolved or closed.",
    "cause": "Why, as a slug.",
    "cc": "Addresses that get a copy.",
    "changed": "The names of the fields that changed.",
    "channel": "How people were in touch.",
    "clock_id": "The clock of the case's service level.",
    "company_id": "The company: GET /v1/companies/{id}.",
    "contact_id": "The person or company.",
    "default": "The value where nobody gives one.",
    "detected_by": "The user who found it out.",
    "direction": "Who began: they (inbound) or we (outbound).",
    "display_name": "What a list shows.",
    "elapsed_seconds": "Working time from start to end, without pauses.",
    "email": "The user's own address.",
    "entry_id": "The entry in the case's conversation.",
    "events": "How many events it is about.",
    "examined": "How many clocks were looked at.",
    "failures": "How often it has failed in a row.",
    "files": "What came with the mail.",
    "follows_id": "The closed case that this one follows.",
    "formal": "Whether the relation is on paper.",
    "from_id": "The contact on the near side of the relation.",
    "from_stage_id": "The stage until now.",
    "from_state": "The state until now.",
    "group_id": "The group that it belongs to.",
    "group_ids": "The groups of the user.",
    "guess": "What the rules took the mail for.",
    "handover_to": "The user who takes over the work; null where nobody does.",
    "html": "The mail's text as HTML, cleaned.",
    "in_time": "Whether it was done before it fell due.",
    "inherits": "Whether the group has its parent's roles too.",
    "instance": "Counts the clocks of one metric in one case from 1.",
    "interest": "The name of the interest.",
    "interest_id": "The interest: what we could sell or do.",
    "item_id": "The mail in the tray.",
    "kept_values": "The values that were left as they were.",
    "key": "The name of it.",
    "key_id": "The API key.",
    "kind": "Which kind of it, as a slug.",
    "labels": "What people read, by language.",
    "late_seconds": "Working time from when it fell due until it was done; 0 where it was in time.",
    "lead_source": "Where the lead came from, as a slug.",
    "level": "The level, counted from 1.",
    "links": "The ids of contacts that this one is linked with.",
    "locale": "The user's language, es or en.",
    "low": "Whether the score is 1 or 2.",
    "mail_message_id": "The Message-ID of the mail.",
    "mail_token": "What an answer by mail must carry to find the record; not for others.",
    "message_id": "The message: GET /v1/messages/{id}.",
    "metric": "What the clock measures: first_response, next_response or resolution.",
    "moved": "How many clocks fall due at another instant.",
    "name": "Its name as people see it.",
    "need": "What the customer may need, in words.",
    "notify": "The roles that must know.",
    "number": "Its number as people see it, or the number of its version.",
    "nurture_until": "The day on which it comes back; null where it does not.",
    "old": "The value until now.",
    "options": "What may be chosen.",
    "owner_id": "The user whose it is.",
    "parent_id": "The one above it.",
    "percent": "How much of the target is used up, in percent.",
    "permanent": "Whether trying again is of no use.",
    "permissions": "What holders of the role may do.",
    "person_id": "The person: GET /v1/people/{id}.",
    "policy": "The name of the service level policy.",
    "prefix": "The first characters of the token, by which people know it.",
    "priority": "The priority, as a slug.",
    "probability": "How likely it is to be won, in percent.",
    "qualified_by": "The user who gets the credit.",
    "reached": "Whether the other side was there; null where that cannot be said.",
    "real": "Whether the other side answered.",
    "reason": "Why, as a slug.",
    "recipients": "The addresses that it goes to.",
    "relation_type": "What the near side is of the far side, as a slug.",
    "remaining_seconds": "Working time left when the clock stood still.",
    "removed": "Whether it is gone.",
    "required": "Whether a value must be given.",
    "resolver_id": "The user who works on it.",
    "resource": "The resource concerned, for example people.",
    "responsible_id": "The user who answers for it to the customer.",
    "revision": "Counts the versions of the quote from 1.",
    "role": "What the person is there.",
    "role_ids": "The roles of the user or group.",
    "round": "Counts the questions to one customer from 1.",
    "rule_id": "The rule that did it; null where a person did.",
    "scopes": "What the token may do.",
    "score": "From 1 to 5.",
    "sender": "The address that the mail came from.",
    "sender_name": "The name beside the address that the mail came from.",
    "slowed": "What is slowed down: username or address.",
    "source_lead_id": "The lead that became it.",
    "stage": "The name of the stage.",
    "state": "The name of the state.",
    "status": "The status code, by RFC 3463.",
    "subject": "What it is about, in words.",
    "target_seconds": "How long it may take, in working time.",
    "template_id": "The template it was made from; null where there was none.",
    "text": "The text as it was written.",
    "time_zone": "The user's time zone, as in the IANA database.",
    "times": "How often by now.",
    "title": "What it is called.",
    "to_id": "The contact on the far side of the relation.",
    "to_stage_id": "The stage from now on.",
    "token": "What the link of the mail carries; not for others.",
    "total": "The sum with taxes.",
    "transition": "The step of the workflow, as a slug.",
    "type_id": "The type of the case.",
    "unmet": "The preconditions that do not hold.",
    "user_id": "The user.",
    "username": "The name to sign in with.",
    "value": "The value from now on.",
    "was": "What it was until now.",
    "weight": "How strong, from 1 to 100.",
}
_ENDINGS = (
    ("_ids", "The ids of the {}."),
    ("_id", "The id of the {}."),
    ("_at", "The instant: {}."),
    ("_on", "The calendar day: {}."),
    ("_until", "Until then: {}."),
    ("_seconds", "Seconds: {}."),
    ("_by", "The user by whom: {}."),
)


def meaning(name: str) -> str | None:
    """Return what a field of this name means, or None where its name says it all."""
    if name in _MEANINGS:
        return _MEANINGS[name]
    for ending, sentence in _ENDINGS:
        if name.endswith(ending):
            return sentence.format(name.removesuffix(ending).replace("_", " "))
    return None


def explained(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return an event's JSON Schema with a description of each field that has none."""
    fields = schema.get("properties", {})
    return {**schema, "properties": {name: _described(name, field) for name, field in fields.items()}}


def _described(name: str, field: Mapping[str, Any]) -> dict[str, Any]:
    found = meaning(name)
    return dict(field) if found is None or "description" in field else {**field, "description": found}
