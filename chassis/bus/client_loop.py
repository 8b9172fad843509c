"""pika's IO loop for threads that use one connection in turn, so that a call need not wait for the loop's thread."""

import select
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Final

from pika.adapters.select_connection import IOLoop

Handler = Callable[[int, int], None]

ASIDE: Final = 0.05  # seconds that the loop's thread leaves the socket to callers, and longer while they read it
SLICE: Final = 0.05  # seconds after which a caller who reads looks whether there is something to write as well


class SharedLoop(IOLoop):
    """A loop that works only while it holds ``turn``; whoever holds it instead may use the connection.

    Who holds ``watch`` reads the socket: the loop's thread, or while ``is_quiet`` a caller who would only wait for
    that thread. ``done`` is called after each turn, without it.
    """

    def __init__(self, done: Callable[[], None], is_quiet: Callable[[], bool]) -> None:
        self.turn, self._watch = threading.Lock(), threading.Lock()
        self._done, self._is_quiet = done, is_quiet
        self._handlers: dict[int, tuple[Handler, int]] = {}
        self._is_eager = self._is_trying = self._is_over = False
        self._has_work = threading.Event()
        self._times_led = 0
        self.failure: Exception | None = None
        # Where poll is missing, threads are eventlet's: changing between them costs nothing, so none needs to read.
        self._may_be_led = hasattr(select, "poll")
        super().__init__()

    @contextmanager
    def eager(self) -> Iterator[None]:
        """Inside, what is written goes to the socket at once; the poller is asked for what that does not take."""
        self._is_eager = True
        try:
            yield
        finally:
            self._is_eager = False

    def start(self) -> None:
        """Work until ``stop``. Raises what a handler raised, in whichever thread."""
        with self._watch:
            super().start()
        if self.failure is not None:
            raise self.failure

    def stop(self) -> None:
        """End ``start`` soon. For whoever has the turn."""
        self._is_over = True
        super().stop()
        self._has_work.set()

    def lead(self, has_arrived: Callable[[], bool], until: float) -> None:
        """Read the socket in the caller's thread until ``has_arrived``; at once over where somebody reads it already.

        ``until`` is an instant on the monotonic clock at which this ends in any case, after a last look: of a process
        that stood still all that time the answer may be there.
        """
        if not self._may_be_led or not self._watch.acquire(blocking=False):
            return
        try:
            self._times_led += 1
            left = SLICE
            while left > 0 and not (has_arrived() or self._is_over):
                left = until - monotonic()
                self._read(max(0.0, min(left, SLICE)))
        except Exception as error:  # noqa: BLE001 - the loop's thread raises it and ends the connection
            self.failure = error
            self.stop()
        finally:
            self._watch.release()
            if not self._is_quiet():
                self._has_work.set()

    def add_handler(self, fd: int, handler: Handler, events: int) -> None:
        """Watch a file descriptor; its handler runs in turn with other threads."""
        self._handlers[fd] = handler, events

        def handle(fd: int, events: int) -> None:
            with self.turn:
                handler(fd, events)
            self._done()

        super().add_handler(fd, handle, events)

    def update_handler(self, fd: int, events: int) -> None:
        """Watch for other events. pika asks for room to write before it writes; while eager, it is told of it at once.

        Its handler then writes, and asks for room no more if everything went.
        """
        if self._is_trying:
            self._is_trying = events & self.WRITE != 0
            return
        if self._is_eager and events & self.WRITE:
            self._is_trying = True
            self._handlers[fd][0](fd, self.WRITE)
            has_room, self._is_trying = not self._is_trying, False
            if has_room or fd not in self._handlers:  # all is written, or the connection broke
                return
        self._handlers[fd] = self._handlers[fd][0], events
        super().update_handler(fd, events)
        if self._is_eager:
            self.add_callback_threadsafe(_nothing)  # a poller that waits already need not see the change

    def remove_handler(self, fd: int) -> None:
        """Watch no more."""
        self._handlers.pop(fd, None)
        super().remove_handler(fd)

    def process_timeouts(self) -> None:
        """Do what is due, in turn with other threads, and leave the socket to callers while nothing is under way."""
        self._do_what_is_due()
        if self._may_be_led and self._is_quiet() and not self._is_over:
            self._stand_aside()

    def _do_what_is_due(self) -> None:
        with self.turn:
            super().process_timeouts()
        self._done()

    def _stand_aside(self) -> None:
        self._watch.release()
        while True:
            before = self._times_led
            is_called = self._has_work.wait(ASIDE)
            self._has_work.clear()
            self._do_what_is_due()
            nobody_reads = self._times_led == before
            if (is_called or nobody_reads or self._is_over) and self._watch.acquire(blocking=False):
                return

    def _read(self, seconds: float) -> None:
        poller = select.poll()
        for fd, (_, events) in list(self._handlers.items()):
            poller.register(fd, events)
        for fd, events in poller.poll(seconds * 1000):
            with self.turn:
                handler, _ = self._handlers.get(fd, (None, 0))
                if handler is not None:
                    handler(fd, events)
            self._done()


def _nothing() -> None:
    """Wake the loop and no more."""
