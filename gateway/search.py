"""GET /v1/search: one question put to every service that can search."""

from dataclasses import dataclass
from typing import Final

import orjson

from chassis.client import Client
from chassis.errors import Refusal, ValidationFailed
from gateway.answers import JSON, Answer
from gateway.compose import Question, ask_all, block, joined, now
from gateway.parameters import unknown
from gateway.request import Request
from gateway.settings import GatewaySettings

_FORBIDDEN: Final = 403
_DEFAULT_LIMIT: Final = "5"
_MAX_LIMIT: Final = 20
_MAX_LENGTH: Final = 200


@dataclass(frozen=True, slots=True)
class Searcher:
    """A kind of record and the list operation whose ``q`` finds it."""

    kind: str
    rpc: str


SEARCHERS: Final = (
    Searcher("people", "contacts.list_people"),
    Searcher("companies", "contacts.list_companies"),
    Searcher("cases", "cases.list_cases"),
    Searcher("projects", "cases.list_projects"),
    Searcher("campaigns", "sales.list_campaigns"),
    Searcher("leads", "sales.list_leads"),
    Searcher("opportunities", "sales.list_opportunities"),
    Searcher("quotes", "sales.list_quotes"),
    Searcher("users", "administration.list_users"),
)


class Search:
    """Kinds that the caller may not see are absent; kinds whose service is away say so."""

    def __init__(self, client: Client, settings: GatewaySettings, searchers: tuple[Searcher, ...] = SEARCHERS) -> None:
        self._client = client
        self._milliseconds = settings.block_timeout_ms
        self._searchers = searchers

    def answer(self, request: Request) -> Answer:
        """Return the first hits of each kind. Raises ``ValidationFailed`` for a missing or odd parameter."""
        text, limit, kinds = self._parameters(request)
        searchers = [each for each in self._searchers if not kinds or each.kind in kinds]
        questions = [Question(each.rpc, (), {"q": text, "limit": limit}) for each in searchers]
        outcomes = ask_all(self._client, request, questions, milliseconds=self._milliseconds)
        results = {
            each.kind: block(outcome)
            for each, outcome in zip(searchers, outcomes, strict=True)
            if not (isinstance(outcome, Refusal) and outcome.status == _FORBIDDEN)
        }
        parts = {"q": orjson.dumps(text), "as_of": b'"%s"' % now(), "results": joined(results)}
        return Answer(200, joined(parts), [("Content-Type", JSON), ("Cache-Control", "no-store")])

    def _parameters(self, request: Request) -> tuple[str, str, list[str]]:
        params = request.params()
        spanish = request.locale == "es"
        errors = unknown(request, params, ("q", "limit", "kinds"))
        text, limit, kinds = params.get("q", ""), params.get("limit", _DEFAULT_LIMIT), params.get("kinds", "")
        if not isinstance(text, str) or not 1 <= len(text.strip()) <= _MAX_LENGTH:
            errors.append({"parameter": "q", "detail": "De 1 a 200 caracteres." if spanish else "1 to 200 characters."})
        if not isinstance(limit, str) or not limit.isdecimal() or not 1 <= int(limit) <= _MAX_LIMIT:
            errors.append({"parameter": "limit", "detail": "De 1 a 20." if spanish else "1 to 20."})
        wanted = kinds.split(",") if isinstance(kinds, str) and kinds else []
        if not isinstance(kinds, str) or not {each.kind for each in self._searchers}.issuperset(wanted):
            known = ", ".join(each.kind for each in self._searchers)
            errors.append({"parameter": "kinds", "detail": f"Entre: {known}." if spanish else f"Among: {known}."})
        if errors:
            raise ValidationFailed(errors)
        return str(text), str(limit), wanted
