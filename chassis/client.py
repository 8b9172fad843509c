"""Asks services by RPC: one connection a process, shared by all its threads; every call has a deadline."""

import itertools
import time
from collections.abc import Mapping
from time import monotonic
from typing import Any, Final

from pika import BasicProperties

from chassis.bus.client_call import PendingCall, Reply
from chassis.bus.client_errors import (
    BrokerDown,
    DeadlineExceeded,
    RemoteFailure,
    RemoteRefusal,
    ServiceDown,
)
from chassis.bus.client_io import ClientConnection
from chassis.bus.client_link import LinkLost, Message
from chassis.bus.wire import DIRECT_REPLY, request

__all__ = [
    "BrokerDown",
    "Client",
    "DeadlineExceeded",
    "PendingCall",
    "RemoteFailure",
    "RemoteRefusal",
    "Reply",
    "ServiceDown",
]

DEADLINE: Final = "nameko.deadline"
TIMEOUT: Final = 5.0  # seconds, for callers who do not say
PATIENCE, FIRST_PATIENCE = 0.1, 5.0  # seconds to wait for a connection: one that was lost, the very first
CLEANED_EVERY = 4096  # calls; those that nobody waited for are forgotten then


class Client:
    """Calls operations of services; one for a process, made after it forked. Nothing is sent twice by itself."""

    def __init__(self, broker_url: str, *, name: str = "gateway") -> None:
        self._waiting: dict[str, PendingCall] = {}
        self._numbers = itertools.count(1)
        self._connection = ClientConnection(broker_url, name=name, waiting=self._waiting)

    @property
    def is_connected(self) -> bool:
        """Whether a call would leave this process just now."""
        return self._connection.ready.is_set()

    def call(
        self,
        operation: str,
        *ids: str,
        data: Any = None,
        params: Mapping[str, str | list[str]] | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float = TIMEOUT,
    ) -> Reply:
        """Ask ``operation``, such as ``contacts.get_person``, and wait at most ``timeout`` seconds.

        Raises ``RemoteRefusal`` (what the service refused), ``ServiceDown`` (503, at once), ``BrokerDown`` (503)
        and ``DeadlineExceeded`` (504; the service does not execute the call later).
        """
        return self.submit(operation, *ids, data=data, params=params, headers=headers, timeout=timeout).result()

    def submit(
        self,
        operation: str,
        *ids: str,
        data: Any = None,
        params: Mapping[str, str | list[str]] | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float = TIMEOUT,
    ) -> PendingCall:
        """Send a call and return at once; ``result()`` waits. The refusals of ``call``, here ``BrokerDown`` only."""
        kwargs: dict[str, Any] = {}
        if data is not None:
            kwargs["data"] = data
        if params:
            kwargs["params"] = params
        body = request(ids, kwargs)
        told = {**headers} if headers else {}
        timeout = _shortened(timeout, told)
        deadline = monotonic() + timeout
        self._await_connection(timeout)
        number = next(self._numbers)
        if number % CLEANED_EVERY == 0:
            self._forget_late()
        key = str(number)
        pending = PendingCall(
            operation, deadline, forget=lambda: self._waiting.pop(key, None), receive=self._connection.receive
        )
        self._waiting[key] = pending
        properties = BasicProperties(
            content_type="application/json",
            content_encoding="utf-8",
            headers=told,
            delivery_mode=1,
            correlation_id=key,
            reply_to=DIRECT_REPLY,
            expiration=str(max(1, int(timeout * 1000))),
        )
        try:
            self._connection.send(Message(key, operation, properties, body))
        except LinkLost:
            if self._waiting.pop(key, None) is not None:
                raise BrokerDown from None
        return pending

    def close(self) -> None:
        """Close the connection; calls under way fail with ``BrokerDown``."""
        self._connection.close()

    def _await_connection(self, timeout: float) -> None:
        connection = self._connection
        if connection.ready.is_set():
            return
        end = monotonic() + min(timeout, FIRST_PATIENCE)
        while not connection.ready.wait(PATIENCE):
            if connection.has_tried or monotonic() >= end:
                raise BrokerDown

    def _forget_late(self) -> None:
        for key, pending in list(self._waiting.items()):
            if pending.is_late:
                self._waiting.pop(key, None)


def _shortened(timeout: float, headers: dict[str, str]) -> float:
    """Write the deadline into ``headers``; one that is there already, from a caller further out, may only shorten."""
    now = time.time()
    deadline = now + timeout
    if DEADLINE in headers:
        deadline = min(deadline, float(headers[DEADLINE]))
        if deadline <= now:
            raise DeadlineExceeded
    headers[DEADLINE] = f"{deadline:.3f}"
    return deadline - now
