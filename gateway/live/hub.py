"""The one thread that writes to all listeners and notices who has gone."""

import contextlib
import logging
import os
import queue
import selectors
import socket
import threading
from collections.abc import Callable
from time import monotonic
from typing import Final

from gateway.live.listener import Listener
from gateway.live.ring import LiveEvent, Ring
from gateway.metrics import live_dropped, live_listeners

HEARTBEAT_SECONDS: Final = 15.0
RING_EVENTS: Final = 5_000
RING_BYTES: Final = 8_388_608

log = logging.getLogger(__name__)


class Hub:
    """``publish`` and ``adopt`` may be called from any thread; everything else happens in the hub's own."""

    def __init__(self) -> None:
        self._ring = Ring(RING_EVENTS, RING_BYTES)
        self._listeners: dict[int, Listener] = {}
        self._writing: set[int] = set()
        self._orders: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._wake_fd = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._wake_fd, selectors.EVENT_READ)
        self._running = True
        self._count = 0
        self._thread = threading.Thread(target=self._run, name="live", daemon=True)

    @property
    def listeners(self) -> int:
        return self._count

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Close every connection; browsers come back by themselves."""
        self._order(self._end)
        self._thread.join(5)

    def publish(self, event: LiveEvent) -> None:
        """Tell ``event`` to everybody who wants and may hear it."""
        self._order(lambda: self._tell(event))

    def adopt(self, sock: socket.socket, head: bytes, listener: Listener) -> None:
        """Take over an open socket, on which ``head`` is said first; it is closed here."""
        sock.setblocking(False)
        self._count += 1
        self._order(lambda: self._welcome(sock, head, listener))

    def dismiss(self, *, user: str | None = None, key: str | None = None, session: str | None = None) -> None:
        """End the connections of somebody whose rights changed (of all, when nobody is named)."""
        self._order(lambda: self._dismiss(user, key, session))

    def _order(self, what: Callable[[], None]) -> None:
        self._orders.put(what)
        os.eventfd_write(self._wake_fd, 1)

    def _run(self) -> None:
        next_beat = monotonic() + HEARTBEAT_SECONDS
        while self._running:
            try:
                for key, events in self._selector.select(max(0.0, next_beat - monotonic())):
                    self._serve(key.fd, events)
                if monotonic() >= next_beat:
                    next_beat = monotonic() + HEARTBEAT_SECONDS
                    self._beat()
            except Exception:
                log.exception("The live hub goes on after an error")
        for listener in list(self._listeners.values()):
            self._drop(listener)
        self._selector.close()
        os.close(self._wake_fd)

    def _serve(self, fd: int, events: int) -> None:
        if fd == self._wake_fd:
            os.eventfd_read(fd)
            self._follow_orders()
            return
        listener = self._listeners.get(fd)
        if listener is None:
            return
        if events & selectors.EVENT_READ and not self._still_there(listener):
            self._drop(listener)
        elif events & selectors.EVENT_WRITE:
            self._pump(listener)

    def _follow_orders(self) -> None:
        while True:
            try:
                order = self._orders.get_nowait()
            except queue.Empty:
                return
            order()

    def _welcome(self, sock: socket.socket, head: bytes, listener: Listener) -> None:
        listener.start(sock, self._ring, head)
        fd = sock.fileno()
        if fd < 0:
            self._count -= 1
            return
        self._listeners[fd] = listener
        self._selector.register(fd, selectors.EVENT_READ)
        live_listeners.inc()
        self._pump(listener)

    def _tell(self, event: LiveEvent) -> None:
        if not self._ring.append(event):
            return
        for listener in list(self._listeners.values()):
            if listener.is_overtaken(self._ring):
                live_dropped.inc()
                self._drop(listener)
            elif listener.sock is not None and listener.sock.fileno() not in self._writing:
                self._pump(listener)

    def _pump(self, listener: Listener) -> None:
        assert listener.sock is not None
        fd = listener.sock.fileno()
        try:
            left = listener.pump(self._ring)
        except OSError:
            self._drop(listener)
            return
        if left != (fd in self._writing):
            wanted = selectors.EVENT_READ | (selectors.EVENT_WRITE if left else 0)
            self._selector.modify(fd, wanted)
            (self._writing.add if left else self._writing.discard)(fd)

    def _beat(self) -> None:
        now = monotonic()
        for listener in list(self._listeners.values()):
            if now >= listener.ends_at:
                # Rights are looked at again when the browser comes back, by itself, with Last-Event-ID.
                self._drop(listener)
            else:
                listener.beat()
                self._pump(listener)

    def _still_there(self, listener: Listener) -> bool:
        assert listener.sock is not None
        try:
            return bool(listener.sock.recv(4096))
        except BlockingIOError:
            return True
        except OSError:
            return False

    def _dismiss(self, user: str | None, key: str | None, session: str | None) -> None:
        for listener in list(self._listeners.values()):
            if listener.is_about(user=user, key=key, session=session):
                self._drop(listener)

    def _drop(self, listener: Listener) -> None:
        assert listener.sock is not None
        fd = listener.sock.fileno()
        if self._listeners.pop(fd, None) is None:
            return
        self._count -= 1
        self._writing.discard(fd)
        live_listeners.dec()
        with contextlib.suppress(OSError, KeyError, ValueError):
            self._selector.unregister(fd)
        listener.sock.close()

    def _end(self) -> None:
        self._running = False
