"""GET /v1/customers/{id} and what lies below: all about a person or company, each block by the service that owns it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import orjson

from chassis.client import Client
from chassis.errors import NotFound, Refusal
from gateway.answers import JSON, Answer
from gateway.compose import Outcome, Question, ask_all, block, joined, now
from gateway.parameters import refuse_all
from gateway.request import Request
from gateway.settings import GatewaySettings

_NOT_FOUND: Final = 404


@dataclass(frozen=True, slots=True)
class Block:
    """One block of the page. ``{id}`` in ``params`` stands for the customer's id.

    ``alternatives`` are asked beside ``rpc`` for the same block: a customer is a person or a company, and the
    one that knows the id answers.
    """

    name: str
    rpc: str
    params: Mapping[str, str] = field(default_factory=dict)
    by_id: bool = True
    alternatives: tuple[str, ...] = ()


BLOCKS: Final = (
    Block("card", "contacts.get_person", alternatives=("contacts.get_company",)),
    Block("timeline", "contacts.customer_timeline", {"limit": "20"}),
    Block("relations", "contacts.customer_relations"),
    Block("interests", "contacts.customer_interests"),
    Block("interactions", "contacts.customer_interactions"),
    Block("cases", "cases.list_cases", {"contact_id": "{id}", "limit": "10"}, by_id=False),
    Block("projects", "cases.list_projects", {"contact_id": "{id}", "limit": "10"}, by_id=False),
    Block("satisfaction", "cases.survey_results", {"contact_id": "{id}"}, by_id=False),
    Block("leads", "sales.list_leads", {"contact_id": "{id}", "limit": "10"}, by_id=False),
    Block("opportunities", "sales.list_opportunities", {"contact_id": "{id}", "limit": "10"}, by_id=False),
    Block(
        "activities", "sales.list_activities", {"contact_id": "{id}", "state": "planned", "limit": "10"}, by_id=False
    ),
)


# What would move if the customer were merged into another.
HOLDINGS: Final = (
    Block("contacts", "contacts.customer_holdings"),
    *(
        Block(service, f"{service}.contact_holdings", {"contact_id": "{id}"}, by_id=False)
        for service in ("sales", "cases", "notifications")
    ),
)


class Customers:
    """A block that is late or whose service is away is left out and says so; the page answers.

    The first block is of contacts, which knows whether there is such a customer, and by which id it is kept now.
    """

    def __init__(self, client: Client, settings: GatewaySettings, blocks: tuple[Block, ...] = BLOCKS) -> None:
        self._client = client
        self._milliseconds = settings.block_timeout_ms
        self._blocks = blocks

    def page(self, request: Request) -> Answer:
        """Return the page. Raises ``NotFound`` where contacts says that there is no such customer."""
        refuse_all(request)
        questions = [
            Question(rpc, request.ids if each.by_id else (), _filled(each.params, request.ids[0]))
            for each in self._blocks
            for rpc in (each.rpc, *each.alternatives)
        ]
        outcomes = iter(ask_all(self._client, request, questions, milliseconds=self._milliseconds))
        headers = [("Content-Type", JSON), ("Cache-Control", "no-store")]
        parts = {"id": orjson.dumps(request.ids[0]), "as_of": b'"%s"' % now()}
        for place, each in enumerate(self._blocks):
            outcome = _best([next(outcomes) for _ in (each.rpc, *each.alternatives)])
            if place == 0 and isinstance(outcome, Refusal) and outcome.status == _NOT_FOUND:
                raise NotFound
            if not isinstance(outcome, Refusal) and (canonical := outcome.headers.get("x-canonical-id")):
                parts["id"] = parts["canonical_id"] = orjson.dumps(canonical)
                headers.append(("Content-Location", f"{request.path.rpartition('/')[0]}/{canonical}"))
            parts[each.name] = block(outcome)
        return Answer(200, joined(parts), headers)


def _best(outcomes: list[Outcome]) -> Outcome:
    """Return an answer where there is one; else the refusal that says most: "not found" says least."""
    for outcome in outcomes:
        if not isinstance(outcome, Refusal):
            return outcome
    refusals = [outcome for outcome in outcomes if isinstance(outcome, Refusal)]
    return next((refusal for refusal in refusals if refusal.status != _NOT_FOUND), refusals[0])


def _filled(params: Mapping[str, str], id_: str) -> dict[str, str]:
    return {name: value.replace("{id}", id_) for name, value in params.items()}
