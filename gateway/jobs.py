"""Background work, wherever it runs: one address for the jobs of all services, and exports, which are jobs."""

from collections import OrderedDict
from typing import Any, Final

import orjson

from chassis.client import Client, Reply
from chassis.errors import Refusal, ValidationFailed
from gateway.answers import JSON, Answer
from gateway.bodies import read_json
from gateway.compose import Question, ask_all
from gateway.dispatch import rpc_headers
from gateway.parameters import refuse_all
from gateway.request import Request
from gateway.settings import GatewaySettings

JOB_OWNERS: Final = ("contacts", "cases", "sales")
# What can be exported, and the operation that starts it.
EXPORTERS: Final = {
    "people": "contacts.export_people",
    "companies": "contacts.export_companies",
}
_NOT_FOUND: Final = 404
_REMEMBERED: Final = 1_000


class Jobs:
    """A job's id says nothing about its owner: all are asked at once, and the answer is remembered."""

    def __init__(self, client: Client, settings: GatewaySettings) -> None:
        self._client = client
        self._settings = settings
        self._owners: OrderedDict[str, str] = OrderedDict()

    def read(self, request: Request) -> Answer:
        """Return a job with its progress; 404 where no service has it."""
        refuse_all(request)
        id_ = request.ids[0]
        owner = self._owners.get(id_)
        if owner is not None:
            return _answer(self._call(f"{owner}.get_job", request))
        questions = [Question(f"{service}.get_job", (id_,)) for service in JOB_OWNERS]
        outcomes = ask_all(self._client, request, questions, milliseconds=self._settings.block_timeout_ms)
        refusals: list[Refusal] = []
        for service, outcome in zip(JOB_OWNERS, outcomes, strict=True):
            if isinstance(outcome, Refusal):
                refusals.append(outcome)
            else:
                self._remember(id_, service)
                return _answer(outcome)
        # "Not found" is the truth only if everybody could be asked.
        raise next((refusal for refusal in refusals if refusal.status != _NOT_FOUND), refusals[0])

    def cancel(self, request: Request) -> Answer:
        """Ask the job to stop and return it as it stands then."""
        refuse_all(request)
        if request.ids[0] not in self._owners:
            self.read(request)
        return _answer(self._call(f"{self._owners[request.ids[0]]}.cancel_job", request))

    def export(self, request: Request) -> Answer:
        """Start an export: 202, and the job's address."""
        refuse_all(request)
        sent = read_json(request, self._settings.max_body)
        if not isinstance(sent, dict):
            raise ValidationFailed([_error(request, "")])
        content: dict[str, Any] = dict(sent)
        rpc = EXPORTERS.get(str(content.pop("resource", "")))
        if rpc is None:
            raise ValidationFailed([_error(request, "/resource")])
        reply = self._client.call(
            rpc, data=content, headers=rpc_headers(request), timeout=self._settings.request_timeout
        )
        id_ = reply.headers.get("x-id") or orjson.loads(reply.body)["id"]
        self._remember(str(id_), rpc.partition(".")[0])
        headers = [("Content-Type", JSON), ("Location", f"/v1/jobs/{id_}")]
        if reply.headers.get("x-replayed"):
            headers.append(("Idempotent-Replayed", "true"))
        return Answer(202, reply.body, headers)

    def _call(self, rpc: str, request: Request) -> Reply:
        return self._client.call(
            rpc, *request.ids, headers=rpc_headers(request), timeout=self._settings.request_timeout
        )

    def _remember(self, id_: str, owner: str) -> None:
        self._owners[id_] = owner
        if len(self._owners) > _REMEMBERED:
            self._owners.popitem(last=False)


def _answer(reply: Reply) -> Answer:
    return Answer(200, reply.body, [("Content-Type", JSON), ("Cache-Control", "no-store")])


def _error(request: Request, pointer: str) -> dict[str, str]:
    known = ", ".join(EXPORTERS)
    detail = f"Uno de: {known}." if request.locale == "es" else f"One of: {known}."
    return {"pointer": pointer, "detail": detail}
