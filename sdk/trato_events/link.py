"""Keeps a subscription connected, in a thread of its own: tries for ever, with growing pauses, until told to stop."""

import logging
import random
import threading
from collections.abc import Callable

from pika.exceptions import AMQPError

from trato_events.account import Account
from trato_events.connecting import AWAY, Refused, connect, locked, refused
from trato_events.delivery import Delivery
from trato_events.feed import Feed, Wish
from trato_events.progress import Progress

log = logging.getLogger("trato_events")
_SHORTEST, _LONGEST = 0.3, 30.0
_LAST_WORDS = 5.0


class Link:
    """A thread that holds the connection, so that a handler may take its time.

    ``out`` gets deliveries; ``failed`` gets what no further attempt can cure, after which the thread has ended.
    """

    def __init__(
        self,
        account: Account,
        wish: Wish,
        progress: Progress,
        *,
        out: Callable[[Delivery], None],
        failed: Callable[[Exception], None],
    ) -> None:
        self._account, self._wish, self._progress = account, wish, progress
        self._out, self._failed = out, failed
        self._stopping = threading.Event()
        self._feed: Feed | None = None
        self._was_connected = False
        self._thread = threading.Thread(target=self._run, name=f"trato-events {account.name}", daemon=True)

    def start(self) -> None:
        """Connect, and stay connected."""
        self._thread.start()

    def stop(self) -> None:
        """Send what is acknowledged, close the connection and return when the thread has ended."""
        # As a callback it comes after all acknowledgements.
        if self._feed is not None and self._feed.alive:
            self._feed.soon(self._stopping.set)
            self._stopping.wait(_LAST_WORDS)
        self._stopping.set()
        self._thread.join(3 * _LAST_WORDS)

    def _run(self) -> None:
        pause = _SHORTEST
        while not self._stopping.is_set():
            try:
                if self._connected():
                    pause = _SHORTEST
            except Exception as error:  # noqa: BLE001 - it is raised in the thread that waits for events
                self._failed(error)
                return
            self._stopping.wait(pause * random.uniform(0.7, 1.0))  # noqa: S311 - only spreads clients
            pause = min(pause * 2, _LONGEST)

    def _connected(self) -> bool:
        """Hold one connection until it breaks or we stop; return whether it stood. Raise what will not go away."""
        feed: Feed | None = None
        stood = False
        try:
            connection = connect(self._account.url, f"trato-events {self._account.name}")
            feed = Feed(connection, self._wish, self._progress, self._out)
            try:
                feed.start()
                self._feed = feed
                stood = self._was_connected = True
                log.info("%s is connected", self._account.name)
                while not self._stopping.is_set():
                    connection.process_data_events(time_limit=1)
                    feed.check()
            finally:
                feed.alive = False
                if connection.is_open:
                    connection.close()
        except Refused as refusal:
            self._refused(refusal)
        except AWAY as error:
            self._lost(error)
        return stood

    def _lost(self, error: AMQPError | OSError) -> None:
        if locked(error):
            log.info("another process reads the history for %s", self._account.name)
            return
        if refusal := refused(error):
            self._refused(refusal)
        else:
            log.warning("the broker is away (%r); trying again", error)

    def _refused(self, refusal: Refused) -> None:
        # A program that has worked goes on: a broker that is set up anew learns its users a moment later.
        if not self._was_connected:
            raise refusal
        log.error("%s", refusal)
