"""One service asks another: where the user needs a fresh answer now, and the work survives the other being down."""

import functools
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from time import monotonic
from typing import Any, Final, Protocol

import orjson

from chassis import settings
from chassis.client import BrokerDown, Client, DeadlineExceeded, RemoteRefusal, Reply, ServiceDown
from chassis.clock import epoch_seconds
from chassis.context import Actor, current_call

__all__ = ["SECONDS", "BrokerDown", "DeadlineExceeded", "RemoteRefusal", "ServiceDown", "answered_by", "ask", "is_away"]

SECONDS: Final = 3.0  # that an answer may take
_PAUSE: Final = 0.05  # seconds until a request that is still running elsewhere is asked for again
_ACTOR_LASTS: Final = 60.0
_OUR_FAULT: Final = 500


class Post(Protocol):
    """Whatever brings a call to a service, as ``Client.call`` does."""

    def __call__(
        self,
        operation: str,
        *ids: str,
        data: Any = None,
        params: Mapping[str, str | list[str]] | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float = SECONDS,
    ) -> Reply:
        """Ask, and return the answer. Raises what ``Client.call`` raises."""
        ...


_instead: list[Post] = []


def ask(
    operation: str,
    *ids: str,
    actor: Actor,
    data: Any = None,
    params: Mapping[str, str | list[str]] | None = None,
    key: str | None = None,
    version: int | None = None,
    seconds: float = SECONDS,
) -> Any:
    """Return the parsed answer of ``contacts.get_person`` or the like, asked in the name of ``actor``.

    ``key`` is an idempotency key: where the same request is under way already, its answer is waited for. ``version``
    is the one that a change is based on. Must not be called inside a transaction. Raises ``RemoteRefusal``,
    ``ServiceDown``, ``BrokerDown`` and, after ``seconds``, ``DeadlineExceeded``.
    """
    headers = _headers(actor, key, version)
    post = _instead[-1] if _instead else _client().call
    end = monotonic() + seconds
    while True:
        try:
            left = max(end - monotonic(), _PAUSE)
            return orjson.loads(post(operation, *ids, data=data, params=params, headers=headers, timeout=left).body)
        except RemoteRefusal as refusal:
            if refusal.slug != "still-running" or monotonic() >= end:
                raise
            time.sleep(_PAUSE)


def is_away(failure: Exception) -> bool:
    """Whether a call failed because the other side is away or unwell, so that asking later may help."""
    if isinstance(failure, RemoteRefusal):
        return failure.status >= _OUR_FAULT or failure.slug == "still-running"
    return isinstance(failure, ServiceDown | BrokerDown | DeadlineExceeded)


@contextmanager
def answered_by(post: Post) -> Iterator[None]:
    """Have ``post`` bring the calls of the block, for services that run in one process without a broker."""
    _instead.append(post)
    try:
        yield
    finally:
        _instead.remove(post)


def _headers(actor: Actor, key: str | None, version: int | None) -> dict[str, str]:
    call = current_call.get()
    secret = settings.load().secret_key
    headers = {
        "nameko.actor": actor.sign(secret, expires_at=epoch_seconds() + _ACTOR_LASTS),
        "nameko.request_id": call.request_id,
        "nameko.correlation_id": call.correlation_id or call.request_id,
        "nameko.traceparent": call.traceparent,
        "nameko.locale": call.locale,
    }
    if key is not None:
        headers["nameko.idempotency_key"] = key
    if version is not None:
        headers["nameko.if_match"] = str(version)
    return headers


@functools.cache
def _client() -> Client:
    # Made when it is first needed, which is after the process forked.
    return Client(settings.load().broker_url, name="service")
