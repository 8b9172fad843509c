"""The connection that all callers of a process share: one thread keeps it open and does its input and output."""

import logging
import random
import threading
from typing import Final

from chassis.bus.client_call import PendingCall
from chassis.bus.client_errors import BrokerDown
from chassis.bus.client_link import Link, LinkLost, Message

log = logging.getLogger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = 0.05, 1.0  # seconds between attempts to reach the broker
FAREWELL: Final = 2.0  # seconds for the thread to end


class ClientConnection:
    """Keeps a connection open until ``close``; the calls in ``waiting`` fail with ``BrokerDown`` when one is lost."""

    def __init__(self, url: str, *, name: str, waiting: dict[str, PendingCall]) -> None:
        self._url, self._name, self._waiting = url, name, waiting
        self._link: Link | None = None
        self._closing = threading.Event()
        self.ready = threading.Event()
        self.has_tried = False
        self._thread = threading.Thread(target=self._stay_connected, name="broker-client", daemon=True)
        self._thread.start()

    def send(self, message: Message) -> None:
        """Send a message, together with those of other threads. Raises ``LinkLost``."""
        link = self._link
        if link is None:
            raise LinkLost
        link.send(message)

    def receive(self, pending: PendingCall) -> None:
        """Let the caller who waits for ``pending`` receive, where nobody else does. May return before it is there."""
        link = self._link
        if link is not None:
            link.lead(pending.has_arrived, pending.deadline)

    def close(self) -> None:
        """Say goodbye and end the thread."""
        self._closing.set()
        link = self._link
        if link is not None:
            link.close()
        if self._thread is not threading.current_thread():
            self._thread.join(FAREWELL)

    def _stay_connected(self) -> None:
        pause = FIRST_PAUSE
        while not self._closing.is_set():
            why = self._be_connected()
            if self._closing.is_set():
                return
            if self._was_open:
                log.warning("lost the broker: %s", why)
                pause = FIRST_PAUSE
                continue
            log.warning("cannot reach the broker: %s", why)
            self._closing.wait(pause * random.uniform(0.7, 1.3))  # noqa: S311 - spreads the clients, hides nothing
            pause = min(pause * 2, LONGEST_PAUSE)

    def _be_connected(self) -> BaseException | None:
        self._was_open = False
        try:
            self._link = link = Link(self._url, self._name, self._waiting, self._opened)
            if self._closing.is_set():
                link.close()  # nobody else did, who closed before there was one
            return link.run()
        except Exception as error:
            log.exception("the connection to the broker failed")
            return error
        finally:
            self._link = None
            self.ready.clear()
            self.has_tried = True
            self._fail_all()

    def _opened(self) -> None:
        self._was_open = self.has_tried = True
        self.ready.set()

    def _fail_all(self) -> None:
        while self._waiting:
            try:
                _, pending = self._waiting.popitem()
            except KeyError:
                return
            pending.failed(BrokerDown())
