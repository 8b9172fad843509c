"""How a request leaves its thread and keeps its connection."""

import socket
from collections.abc import Callable

from gateway.answers import STATUS_LINES


class Handover(Exception):
    """Raised instead of an answer: the worker gives the socket to ``keeper`` and forgets the connection.

    ``headers`` are those of the answer that begins; it ends with the connection.
    """

    def __init__(self, keeper: Callable[[socket.socket], None], headers: list[tuple[str, str]]) -> None:
        super().__init__("the connection is handed over")
        self.headers = headers
        self._keeper = keeper

    def take(self, sock: socket.socket) -> None:
        """Say how the answer begins, then give ``sock`` away. Raises ``OSError`` where the caller has gone."""
        lines = [f"HTTP/1.1 {STATUS_LINES[200]}", "Connection: close"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        sock.sendall("\r\n".join([*lines, "", ""]).encode("latin-1"))
        self._keeper(sock)
