"""What the gateway answers by itself, described for OpenAPI: it has no schemas that could be derived."""

from collections.abc import Sequence
from typing import Any

from gateway.customers import BLOCKS, HOLDINGS, Block
from gateway.jobs import EXPORTERS
from gateway.route import Route
from gateway.search import SEARCHERS
from tools.contracts.openapi_parts import ANY_PROBLEMS, TAGS, header, path_parameters, problems

JSON_OBJECT: dict[str, Any] = {"type": "object"}
TEXT: dict[str, Any] = {"type": "string"}
INSTANT: dict[str, Any] = {"type": "string", "format": "date-time"}
ID: dict[str, Any] = {"type": "string", "format": "uuid"}
JOB: dict[str, Any] = {
    "type": "object",
    "required": ["id", "kind", "state", "progress_done"],
    "properties": {
        "id": ID,
        "kind": TEXT,
        "state": {"enum": ["queued", "running", "done", "failed", "cancelled"]},
        "progress_done": {"type": "integer"},
        "progress_total": {"type": ["integer", "null"]},
        "result": {"type": ["object", "null"]},
        "error": {"type": ["string", "null"]},
    },
}
BLOCK: dict[str, Any] = {
    "oneOf": [
        {"type": "object", "required": ["as_of", "data"], "properties": {"as_of": INSTANT, "data": {}}},
        {
            "type": "object",
            "required": ["unavailable", "reason"],
            "properties": {"unavailable": {"const": True}, "reason": TEXT},
        },
    ]
}


def record(*required: str, **properties: Any) -> dict[str, Any]:
    """Return the schema of an object."""
    return {"type": "object", "required": list(required), "properties": properties}


SIGNED_IN = record(
    "csrf_token",
    "access_token",
    csrf_token={"type": "string", "description": "Send it as X-CSRF-Token with the session cookie."},
    access_token={"type": "string", "description": "Send it as a bearer token; it lasts 15 minutes."},
    access_token_expires_at=INSTANT,
)
TOKEN = record(
    "access_token", "expires_at", access_token=TEXT, token_type=TEXT, expires_in={"type": "integer"}, expires_at=INSTANT
)
CANONICAL = {**ID, "description": "Where it was asked for by the id of a record merged into it."}


def page(blocks: Sequence[Block], **more: Any) -> dict[str, Any]:
    """Return the schema of a page of one customer."""
    names = [block.name for block in blocks]
    return record("id", "as_of", *names, id=ID, as_of=INSTANT, **more, **dict.fromkeys(names, BLOCK))


CUSTOMER = page(BLOCKS, canonical_id=CANONICAL)
FOUND = record(
    "q",
    "results",
    q=TEXT,
    as_of=INSTANT,
    results={"type": "object", "properties": {each.kind: BLOCK for each in SEARCHERS}},
)
EXPORT = {
    "type": "object",
    "required": ["resource"],
    "properties": {"resource": {"enum": sorted(EXPORTERS)}},
}
CREDENTIALS = {
    "type": "object",
    "required": ["username", "password"],
    "additionalProperties": False,
    "properties": {"username": TEXT, "password": {"type": "string", "format": "password"}},
}


def _query(name: str, description: str, *, required: bool = False, **schema: Any) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": required, "description": description, "schema": schema}


SEARCH_PARAMETERS = [
    _query("q", "What to look for.", required=True, type="string", minLength=1, maxLength=200),
    _query("limit", "Hits per kind.", type="integer", minimum=1, maximum=20),
    _query("kinds", f"Some of {', '.join(each.kind for each in SEARCHERS)}, separated by commas.", type="string"),
]
LIVE_PARAMETERS = [_query("types", "Event types, with * for what varies, separated by commas.", type="string")]
KEY = header("Idempotency-Key", "The same key and body again gives the same answer.", max_length=255)

# operation → summary, what it answers, what it takes, extra parameters, refusals beyond the usual
DESCRIBED: dict[str, dict[str, Any]] = {
    "gateway.log_in": {"summary": "Sign in.", "answer": SIGNED_IN, "body": CREDENTIALS, "problems": [401, 403, 422]},
    "gateway.who_am_i": {"summary": "Say who is calling.", "answer": JSON_OBJECT, "problems": [422]},
    "gateway.log_out": {"summary": "Sign out.", "problems": [404, 409, 422]},
    "gateway.token": {"summary": "Give a short-lived access token for a valid credential.", "answer": TOKEN},
    "gateway.customer": {
        "summary": "Everything about one person or company, each block by its owner.",
        "answer": CUSTOMER,
        "problems": [404, 422],
    },
    "gateway.customer_holdings": {
        "summary": "How many records name one person or company, by service: what would move in a merge.",
        "answer": page(HOLDINGS),
        "problems": [404, 422],
    },
    "gateway.search": {
        "summary": "Search everywhere.",
        "answer": FOUND,
        "parameters": SEARCH_PARAMETERS,
        "problems": [422],
    },
    "gateway.job": {"summary": "Read the progress of a background job.", "answer": JOB, "problems": [404, 422]},
    "gateway.cancel_job": {"summary": "Stop a background job.", "answer": JOB, "problems": [404, 409, 422]},
    "gateway.export": {
        "summary": "Export records as a background job.",
        "answer": JOB,
        "body": EXPORT,
        "parameters": [KEY],
        "problems": [409, 422],
    },
    "gateway.file": {
        "summary": "Download a file by its signed link.",
        "media": "application/octet-stream",
        "also": {"206": "Part of it", "304": "Not modified"},
        "problems": [403, 404, 410, 416],
    },
    "gateway.unsubscribe_page": {
        "summary": "Show the page behind the link to unsubscribe; looking changes nothing.",
        "media": "text/html",
        "problems": [404, 422],
    },
    "gateway.unsubscribe": {
        "summary": "Unsubscribe with one click (RFC 8058); what is posted does not matter.",
        "media": "text/html",
        "problems": [404, 422],
    },
    "gateway.live": {
        "summary": "Events as they happen (server-sent events).",
        "media": "text/event-stream",
        "parameters": LIVE_PARAMETERS,
        "problems": [422],
    },
    "gateway.openapi": {"summary": "This document.", "answer": JSON_OBJECT, "also": {"304": "Not modified"}},
    "gateway.asyncapi": {
        "summary": "The events, as AsyncAPI 3.",
        "answer": JSON_OBJECT,
        "also": {"304": "Not modified"},
    },
    "gateway.event_schema": {
        "summary": "The JSON Schema of one event's data.",
        "answer": JSON_OBJECT,
        "also": {"304": "Not modified"},
        "problems": [404],
    },
}


def operation(route: Route) -> dict[str, Any]:
    """Return the operation of a route that the gateway answers. Raises ``KeyError`` for one not described here."""
    described = DESCRIBED[route.rpc]
    statuses = {*ANY_PROBLEMS, *described.get("problems", ())}
    if not route.anonymous:
        statuses |= {401, 403}
    if route.method == "POST":
        statuses |= {413, 415}
    done: dict[str, Any] = {"description": "Done."}
    if media := described.get("media"):
        done["content"] = {media: {"schema": TEXT}}
    elif answer := described.get("answer"):
        done["content"] = {"application/json": {"schema": answer}}
    found: dict[str, Any] = {
        "operationId": route.rpc.replace(".", "_"),
        "summary": described["summary"],
        "tags": TAGS.findall(route.path)[:1],
        "parameters": [
            *path_parameters(route, text=route.path.endswith(("{token}", "{type}"))),
            *described.get("parameters", ()),
        ],
        "responses": {
            str(route.status): done,
            **{status: {"description": text} for status, text in described.get("also", {}).items()},
            **problems(sorted(statuses)),
        },
    }
    if route.anonymous:
        found["security"] = []
    if body := described.get("body"):
        found["requestBody"] = {"required": True, "content": {"application/json": {"schema": body}}}
    return found
