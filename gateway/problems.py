"""Every refusal as an RFC 9457 problem document, in the caller's language."""

from http import HTTPStatus
from typing import Any, Final

import orjson

from chassis.errors import DomainError, Refusal
from gateway.answers import Answer
from gateway.request import Request

PROBLEM_JSON: Final = "application/problem+json"

_TITLES: Final = {
    400: ("Bad request", "Petición incorrecta"),
    401: ("Not signed in", "Sesión no iniciada"),
    403: ("Not allowed", "No permitido"),
    404: ("Not found", "No encontrado"),
    405: ("Method not allowed", "Método no admitido"),
    409: ("Conflict", "Conflicto"),
    412: ("Changed meanwhile", "Modificado entretanto"),
    413: ("Too large", "Demasiado grande"),
    415: ("Unsupported media type", "Tipo de contenido no admitido"),
    416: ("Range not satisfiable", "Intervalo imposible"),
    422: ("Not acceptable as it stands", "No aceptable tal como está"),
    428: ("Precondition required", "Falta una condición previa"),
    429: ("Too many requests", "Demasiadas peticiones"),
    500: ("Internal error", "Error interno"),
    503: ("Not available", "No disponible"),
    504: ("Took too long", "Tardó demasiado"),
}
_RESERVED: Final = frozenset(
    {"type", "title", "status", "detail", "instance", "code", "errors", "request_id", "retry_after"}
)
_RETRY_SOON: Final = 2


def problem_of(error: DomainError | Refusal, request: Request) -> Answer:
    """Return the answer for a refusal, whether the gateway's own or a service's."""
    refusal = error if isinstance(error, Refusal) else error.to_wire(request.locale)
    document = document_of(refusal, request.locale)
    document["instance"] = request.path
    document["request_id"] = request.request_id
    return Answer(refusal.status, orjson.dumps(document, default=str), _headers(refusal, request))


def document_of(refusal: Refusal, locale: str) -> dict[str, Any]:
    """Return the parts of a problem that do not depend on the request; what the refusal names rides along."""
    english, spanish = _TITLES.get(refusal.status, ("Refused", "Rechazado"))
    document: dict[str, Any] = {
        "type": f"/docs#problem-{refusal.slug}",
        "title": spanish if locale == "es" else english,
        "status": refusal.status,
        "detail": refusal.detail,
        "code": refusal.slug,
    }
    if errors := refusal.params.get("errors"):
        document["errors"] = errors
    document.update({name: value for name, value in refusal.params.items() if name not in _RESERVED})
    return document


def _headers(refusal: Refusal, request: Request) -> list[tuple[str, str]]:
    headers = [
        ("Content-Type", PROBLEM_JSON),
        ("Content-Language", request.locale),
        ("Cache-Control", "no-store"),
    ]
    wait = refusal.params.get("retry_after")
    if wait is None and refusal.status in {429, 503}:
        wait = _RETRY_SOON
    if wait is not None:
        headers.append(("Retry-After", str(wait)))
    match refusal.status:
        case HTTPStatus.UNAUTHORIZED:
            headers.append(("WWW-Authenticate", 'Bearer realm="trato"'))
        case HTTPStatus.METHOD_NOT_ALLOWED:
            headers.append(("Allow", str(refusal.params.get("allow", ""))))
        case HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            headers.append(("Content-Range", f"bytes */{refusal.params.get('size')}"))
    return headers
