"""Sockets with TLS that behave like the plain ones beneath them: for the hub, and for threads that share one."""

import selectors
import ssl
import threading
from time import monotonic
from typing import Any


class NonBlockingTls:
    """A socket for the hub: neither ``recv`` nor ``send`` ever waits. Raises ``BlockingIOError`` instead."""

    def __init__(self, sock: Any) -> None:
        self._sock = sock
        sock.setblocking(False)
        self.fileno, self.close = sock.fileno, sock.close

    def recv(self, size: int) -> bytes:
        """Return what has arrived, all that is decrypted already; the hub does not hear of that again."""
        try:
            data: bytes = self._sock.recv(size)
            while waiting := self._sock.pending():
                data += self._sock.recv(waiting)
        except ssl.SSLWantReadError:
            raise BlockingIOError from None
        return data

    def send(self, data: bytes) -> int:
        """Send what the socket takes; return how much that was."""
        try:
            sent: int = self._sock.send(data)
        except (ssl.SSLWantWriteError, ssl.SSLWantReadError):
            raise BlockingIOError from None
        return sent


class SharedTls:
    """A socket for one receiving thread and many that send. OpenSSL allows one at a time, so they take turns."""

    def __init__(self, sock: Any, *, tick: float) -> None:
        """``tick`` is how long ``recv`` waits, and ``sendall`` for a peer that takes nothing, in seconds."""
        self._inner, self._tick = NonBlockingTls(sock), tick
        self._turn = threading.Lock()
        self._to_read, self._to_write = selectors.DefaultSelector(), selectors.DefaultSelector()
        self._to_read.register(sock, selectors.EVENT_READ)
        self._to_write.register(sock, selectors.EVENT_WRITE)
        self.shutdown = sock.shutdown

    def recv(self, size: int) -> bytes:
        """Return what has arrived. Raises ``TimeoutError`` when that is nothing for a tick."""
        if not self._to_read.select(self._tick):
            raise TimeoutError
        with self._turn:
            return self._inner.recv(size)

    def sendall(self, data: bytes) -> None:
        """Send everything. Raises ``TimeoutError`` when the peer takes nothing for a tick."""
        end = monotonic() + self._tick
        while data:
            try:
                with self._turn:
                    data = data[self._inner.send(data) :]
                end = monotonic() + self._tick
            except BlockingIOError:
                if not self._to_write.select(self._tick) or monotonic() > end:
                    raise TimeoutError from None

    def close(self) -> None:
        """Give the socket back."""
        self._to_read.close()
        self._to_write.close()
        self._inner.close()
