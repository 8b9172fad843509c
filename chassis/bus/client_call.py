"""One call under way: its sender waits here, whoever receives the reply wakes it."""

import threading
from collections.abc import Callable
from time import monotonic
from typing import Any, NamedTuple

from chassis.bus.client_errors import DeadlineExceeded, RemoteFailure, raised_there
from chassis.bus.wire import NotAnAnswer, opened


class Reply(NamedTuple):
    """What a service answered: ``body`` is the result as JSON, unread; ``headers`` such as ``x-etag``."""

    body: bytes
    headers: dict[str, Any]


class PendingCall:
    """A call that was sent. ``result`` may be asked once, from any thread."""

    __slots__ = ("_arrived", "_body", "_error", "_forget", "_headers", "_receive", "deadline", "name")

    def __init__(
        self, name: str, deadline: float, forget: Callable[[], object], receive: Callable[["PendingCall"], None]
    ) -> None:
        """``deadline`` is on the monotonic clock; ``receive`` may read replies until this one has arrived."""
        self.name, self.deadline = name, deadline
        self._forget, self._receive = forget, receive
        self._arrived = threading.Lock()
        self._arrived.acquire()
        self._body = b""
        self._headers: dict[str, Any] = {}
        self._error: Exception | None = None

    @property
    def is_late(self) -> bool:
        """Whether nobody waits for this call any more."""
        return monotonic() >= self.deadline

    def has_arrived(self) -> bool:
        """Whether an answer or a failure is there."""
        return not self._arrived.locked()

    def answered(self, body: bytes, headers: dict[str, Any]) -> None:
        """Hand the reply over. Called once, instead of ``failed``."""
        self._body, self._headers = body, headers
        self._arrived.release()

    def failed(self, error: Exception) -> None:
        """Hand a failure over. Called once, instead of ``answered``."""
        self._error = error
        self._arrived.release()

    def result(self) -> Reply:
        """Wait for the answer, at most until the call's deadline, and return it.

        Raises ``RemoteRefusal`` when the service refused, ``ServiceDown``, ``BrokerDown``, and
        ``DeadlineExceeded`` when nothing came in time.
        """
        if self._arrived.locked():
            self._receive(self)
        if not self._arrived.acquire(timeout=max(0.0, self.deadline - monotonic())):
            self._forget()
            raise DeadlineExceeded(operation=self.name)
        if self._error is not None:
            raise self._error
        try:
            result, error = opened(self._body)
        except NotAnAnswer as problem:
            raise RemoteFailure("NotAnAnswer", str(problem)) from problem
        if error is not None:
            raise raised_there(error)
        return Reply(result, self._headers)
