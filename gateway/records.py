"""What a record says, for a request that names one: ``{"about": "cases/<id>"}``."""

import re
from typing import Any, Final

import orjson

from chassis.client import Client
from chassis.errors import Refusal, ValidationFailed
from gateway.compose import Outcome, Question, ask_all
from gateway.request import Request
from gateway.routes import ROUTES
from gateway.settings import GatewaySettings

_NOT_FOUND: Final = 404
_SHOWN_AT: Final = re.compile(r"/v1/([a-z-]+)/{id}")
_SHOWN_BY: Final = re.compile(r"[a-z]+\.get_([a-z_]+)")


def _readers() -> dict[str, tuple[str, str]]:
    """Return, for each folder of records, the operation that shows one and what one is called."""
    found = {}
    for route in ROUTES:
        place, reader = _SHOWN_AT.fullmatch(route.path), _SHOWN_BY.fullmatch(route.rpc)
        if route.method == "GET" and place and reader:
            found[place[1]] = (route.rpc, reader[1])
    return found


READERS: Final = _readers()
# Who the customer of a record is, by the field that names them.
CUSTOMERS: Final = {"person_id": "people", "company_id": "companies"}


class Records:
    """Reads a record and its customer as the caller may."""

    def __init__(self, client: Client, settings: GatewaySettings) -> None:
        self._client = client
        self._milliseconds = settings.block_timeout_ms

    def laid_out(self, request: Request, data: Any) -> Any:
        """Return the body with ``record``, ``{"case": {…}, "person": {…}}``, in the place of ``about``.

        What names no record at all stays as it is: the service says so. A customer whom the caller may not see, or
        whose service is away, is left out. Raises ``ValidationFailed`` where there is no such record in reach, and
        what reading it raises.
        """
        folder, _, id_ = _about(data).partition("/")
        if folder not in READERS or not id_:
            return data
        [outcome] = self._read(request, [(folder, id_)])
        if isinstance(outcome, Refusal):
            if outcome.status == _NOT_FOUND:
                raise ValidationFailed([{"pointer": "/about", "detail": outcome.detail}])
            raise outcome
        record = _plain(orjson.loads(outcome.body))
        customers = [(where, record[field]) for field, where in CUSTOMERS.items() if record.get(field)]
        named = {READERS[folder][1]: record}
        for (where, _), found in zip(customers, self._read(request, customers), strict=True):
            if not isinstance(found, Refusal):
                named[READERS[where][1]] = _plain(orjson.loads(found.body))
        return {**{name: value for name, value in data.items() if name != "about"}, "record": named}

    def _read(self, request: Request, wanted: list[tuple[str, str]]) -> list[Outcome]:
        questions = [Question(READERS[folder][0], (id_,)) for folder, id_ in wanted]
        return ask_all(self._client, request, questions, milliseconds=self._milliseconds)


def _plain(record: dict[str, Any]) -> dict[str, Any]:
    """Return what can stand for a placeholder: no lists."""
    return {
        name: _plain(value) if isinstance(value, dict) else value
        for name, value in record.items()
        if not isinstance(value, list)
    }


def _about(data: Any) -> str:
    about = data.get("about") if isinstance(data, dict) else None
    return about if isinstance(about, str) else ""
