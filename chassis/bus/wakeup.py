"""Waiting that another greenthread, or a readable socket, can end."""

import socket
from typing import Any

from eventlet.green import select


class Wakeup:
    """Waits until ``poke`` was called since the last wait, a socket became readable, or time is up."""

    def __init__(self) -> None:
        self._read, self._write = socket.socketpair()
        self._read.setblocking(False)
        self._write.setblocking(False)
        self._poked = self._waiting = False

    def poke(self) -> None:
        """End the present wait, or the next one at once. Cheap while nobody waits."""
        if not self._poked:
            self._poked = True
            if self._waiting:
                self._write.send(b"!")

    def wait(self, seconds: float, *sockets: Any) -> bool:
        """Wait at most ``seconds``; answer whether something happened."""
        if not self._poked:
            self._waiting = True
            try:
                ready, _, _ = select.select([self._read, *sockets], [], [], seconds)
            finally:
                self._waiting = False
            if self._read in ready:
                self._read.recv(64)
            if ready:
                self._poked = False
                return True
        happened, self._poked = self._poked, False
        return happened

    def close(self) -> None:
        """Give the sockets back."""
        self._read.close()
        self._write.close()
