"""How a request leaves its thread and keeps its connection."""

import socket
from collections.abc import Callable

from gateway.answers import STATUS_LINES


class Handover(Exception):
    """Raised instead of an answer: the worker gives the socket to ``keeper`` and forgets the connection.

    ``headers`` are those of the answer that begins; it ends with the connection. The keeper says how it begins, once
    the connection is in its hands: whoever reads that hears everything from then on.
    """

    def __init__(self, keeper: Callable[[socket.socket, bytes], None], headers: list[tuple[str, str]]) -> None:
        super().__init__("the connection is handed over")
        self.headers = headers
        self._keeper = keeper

    def take(self, sock: socket.socket) -> None:
        """Give ``sock`` away, with what the answer begins with. Raises ``OSError`` where the caller has gone."""
        lines = [f"HTTP/1.1 {STATUS_LINES[200]}", "Connection: close"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        self._keeper(sock, "\r\n".join([*lines, "", ""]).encode("latin-1"))
