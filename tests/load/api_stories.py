"""The two stories that ``./trato bench api`` measures beside contacts: a lead won over, a case with its promises."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Any

from tests.kit.stack import Stack
from tests.load.closed_loop import Request

HANDS = 8  # requests in flight while leads are made ready
INTEREST = "bench"


class Leads:
    """Leads whose person is not on file yet; each was called and reached, so that it can be qualified."""

    def __init__(self, stack: Stack, person: Callable[[int], dict[str, Any]]) -> None:
        """Put the interest that they have into the catalogue; ``person`` makes up people by number."""
        self._stack, self._person, self._numbers = stack, person, count(100_000)
        self._ready: Iterator[str] = iter(())
        _done(stack.call("POST", "/v1/interests", {"slug": INTEREST, "name": "Medida"}))

    def make_ready(self, number: int) -> None:
        """Add ``number`` leads; those that are left over from before are forgotten."""
        ids: list[str] = []
        for start in range(0, number, 500):
            items = [self._lead(next(self._numbers)) for _ in range(min(500, number - start))]
            answer = _done(self._stack.call("POST", "/v1/leads/bulk", {"items": items}, timeout=120))
            if refused := [each for each in answer["items"] if each["status"] != 201]:
                raise RuntimeError(f"{len(refused)} leads were refused: {refused[0]}")
            ids += [each["id"] for each in answer["items"]]
        with ThreadPoolExecutor(HANDS) as pool:
            list(pool.map(self._reach, ids))
        self._ready = iter(ids)

    def qualify(self) -> Request | None:
        """Return the request that has the next lead become an opportunity with its contact; none when all did."""
        id_ = next(self._ready, None)
        return id_ and Request("POST", f"/v1/leads/{id_}/qualify", 200, b'"state":"qualified"', b"{}")

    def _lead(self, number: int) -> dict[str, Any]:
        person = self._person(number)
        return {"title": f"Quiere un torno {number}", "person": person, "source": "web", "interests": [INTEREST]}

    def _reach(self, lead_id: str) -> None:
        call = {"kind": "call", "subject": "Llamar", "lead_id": lead_id}
        planned = _done(self._stack.call("POST", "/v1/activities", call, timeout=60))
        _done(self._stack.call("POST", f"/v1/activities/{planned['id']}/done", {"reached": True}, timeout=60))


def cases(people: list[str]) -> Callable[[], Request]:
    """Return what asks for the next case; its answer holds the clocks of what was promised."""
    numbers = count(1)

    def create() -> Request:
        number = next(numbers)
        body = {
            "subject": f"La conexión se corta por las tardes, {number}",
            "description": "Desde el lunes, a partir de las cinco.",
            "person_id": people[number % len(people)],
            "contact_email": "ana@example.com",
            "channel": "email",
        }
        return Request("POST", "/v1/cases", 201, b'"metric":"resolution"', json.dumps(body).encode())

    return create


def _done(answer: Any) -> Any:
    if answer.status not in {200, 201}:
        raise RuntimeError(f"preparing failed: {answer}")
    return answer.body
