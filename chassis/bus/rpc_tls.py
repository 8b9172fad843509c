"""A socket with TLS that behaves like the plain one beneath it, for the hub."""

import ssl
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
