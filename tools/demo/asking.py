"""How the demo loader asks the services: many calls on their way at once, refusals returned rather than raised."""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

import orjson

from chassis.client import BrokerDown, Client, PendingCall
from chassis.clock import epoch_seconds
from chassis.context import SYSTEM, Actor
from chassis.errors import Refusal

_SECONDS: Final = 60.0
_AT_ONCE: Final = 12
_PAUSE: Final = 0.5  # seconds


@dataclass(frozen=True)
class Call:
    """One call of an operation, in the name of ``by``."""

    operation: str
    ids: tuple[str, ...] = ()
    data: Any = None
    params: Mapping[str, str | list[str]] = field(default_factory=dict)
    by: Actor = SYSTEM


class Asker(Protocol):
    """Whatever can ask services."""

    def ask_all(self, calls: Sequence[Call]) -> Iterator[Any]:
        """Yield the parsed answer of each call, in order; a ``Refusal`` where it was refused."""
        ...


class BusAsker:
    """Asks over the message bus."""

    def __init__(self, client: Client, secret: str) -> None:
        self._client, self._secret = client, secret

    def ask_all(self, calls: Sequence[Call]) -> Iterator[Any]:
        """Yield the parsed answer of each call, in order; a ``Refusal`` where it was refused."""
        for start in range(0, len(calls), _AT_ONCE):
            for each in [self._sent(call) for call in calls[start : start + _AT_ONCE]]:
                try:
                    yield orjson.loads(each.result().body)
                except Refusal as refusal:
                    yield refusal

    def _sent(self, call: Call) -> PendingCall:
        """Send a call, and wait for a broker that is away: on a busy machine it takes its time after a start."""
        end = time.monotonic() + _SECONDS
        while True:
            try:
                return self._client.submit(
                    call.operation,
                    *call.ids,
                    data=call.data,
                    params=call.params,
                    headers={"nameko.actor": call.by.sign(self._secret, expires_at=epoch_seconds() + 2 * _SECONDS)},
                    timeout=_SECONDS,
                )
            except BrokerDown:
                if time.monotonic() > end:
                    raise
                time.sleep(_PAUSE)


def ask(asker: Asker, operation: str, *ids: str, **how: Any) -> Any:
    """Return the parsed answer of one call. Raises ``Refusal``."""
    [answer] = asker.ask_all([Call(operation, ids, **how)])
    if isinstance(answer, Refusal):
        raise answer
    return answer


def answers_of(asker: Asker, calls: Sequence[Call]) -> list[Any]:
    """Return the parsed answers of calls that must all be done. Raises the first ``Refusal``."""
    answers = list(asker.ask_all(calls))
    for answer in answers:
        if isinstance(answer, Refusal):
            raise answer
    return answers


def unless_there(answers: Iterator[Any], *slugs: str) -> int:
    """Count the calls that changed something; refusals with one of ``slugs`` say that it was there already.

    Raises any other ``Refusal``.
    """
    done = 0
    for answer in answers:
        if not isinstance(answer, Refusal):
            done += 1
        elif answer.slug not in slugs:
            raise answer
    return done
