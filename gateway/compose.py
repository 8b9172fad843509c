"""Asking several services at once; each part answers in time or says why it does not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from chassis.client import Client, PendingCall, Reply
from chassis.clock import utc_now
from chassis.errors import DomainError, Refusal
from gateway.dispatch import rpc_headers
from gateway.request import Request

_OF_CHANGES: Final = frozenset({"nameko.idempotency_key", "nameko.if_match"})


@dataclass(frozen=True, slots=True)
class Question:
    """One call of a composed answer."""

    rpc: str
    ids: Sequence[str] = ()
    params: Mapping[str, Any] = field(default_factory=dict)


# What a part says instead of data: JSON bytes of a reply, or the refusal that came in its place.
Outcome = Reply | Refusal


def ask_all(client: Client, request: Request, questions: Sequence[Question], *, milliseconds: int) -> list[Outcome]:
    """Return the outcome of each question, in order, after ``milliseconds`` at the latest.

    Questions change nothing: the key and the version that came with the request are not theirs.
    """
    headers = {name: value for name, value in rpc_headers(request).items() if name not in _OF_CHANGES}
    seconds = milliseconds / 1000
    pending = [_ask(client, question, headers, seconds) for question in questions]
    return [_outcome(each, request) for each in pending]


def block(outcome: Outcome) -> bytes:
    """Return a part as JSON: its data with ``as_of``, or that it is unavailable and why."""
    if isinstance(outcome, Refusal):
        return unavailable(outcome.slug)
    return b'{"as_of":"%s","data":%s}' % (now(), outcome.body)


def unavailable(reason: str) -> bytes:
    """Return the part of a service that did not answer; ``reason`` is a slug."""
    return b'{"unavailable":true,"reason":"%s"}' % reason.encode()


def now() -> bytes:
    """Return the present instant as it is written in JSON."""
    return utc_now().isoformat(timespec="milliseconds").replace("+00:00", "Z").encode()


def joined(parts: Mapping[str, bytes]) -> bytes:
    """Return a JSON object of values that are JSON already."""
    return b"{" + b",".join(b'"%s":%s' % (name.encode(), value) for name, value in parts.items()) + b"}"


def _ask(client: Client, question: Question, headers: Mapping[str, str], seconds: float) -> PendingCall | DomainError:
    try:
        return client.submit(question.rpc, *question.ids, params=question.params, headers=headers, timeout=seconds)
    except DomainError as failure:
        return failure


def _outcome(pending: PendingCall | DomainError, request: Request) -> Outcome:
    try:
        if isinstance(pending, DomainError):
            raise pending
        return pending.result()
    except DomainError as failure:
        return failure.to_wire(request.locale)
    except Refusal as refusal:
        return refusal
