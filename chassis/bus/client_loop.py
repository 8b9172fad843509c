"""pika's IO loop for threads that use one connection in turn, so that a call need not wait for the loop's thread."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from pika.adapters.select_connection import IOLoop

Handler = Callable[[int, int], None]


class SharedLoop(IOLoop):
    """A loop that works only while it holds ``turn``; whoever holds it instead may use the connection.

    ``done`` is called after each turn of the loop, without it.
    """

    def __init__(self, done: Callable[[], None]) -> None:
        self.turn = threading.Lock()
        self._done = done
        self._handlers: dict[int, Handler] = {}
        self._is_eager = self._is_trying = False
        super().__init__()

    @contextmanager
    def eager(self) -> Iterator[None]:
        """Inside, what is written goes to the socket at once; the poller is asked for what that does not take."""
        self._is_eager = True
        try:
            yield
        finally:
            self._is_eager = False

    def add_handler(self, fd: int, handler: Handler, events: int) -> None:
        """Watch a file descriptor; its handler runs in turn with other threads."""
        self._handlers[fd] = handler

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
            self._handlers[fd](fd, self.WRITE)
            has_room, self._is_trying = not self._is_trying, False
            if has_room or fd not in self._handlers:  # all is written, or the connection broke
                return
        super().update_handler(fd, events)
        if self._is_eager:
            self.add_callback_threadsafe(_nothing)  # a poller that waits already need not see the change

    def remove_handler(self, fd: int) -> None:
        """Watch no more."""
        self._handlers.pop(fd, None)
        super().remove_handler(fd)

    def process_timeouts(self) -> None:
        """Do what is due, in turn with other threads."""
        with self.turn:
            super().process_timeouts()
        self._done()


def _nothing() -> None:
    """Wake the loop and no more."""
