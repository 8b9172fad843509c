"""A closed-loop HTTP client on one thread: each of N connections sends its next request when its answer is in.

It speaks just enough HTTP/1.1 to be cheap, so that what is measured is the server. Every answer is checked.
"""

import selectors
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Request:
    """What to send, and what the answer must be: its status and a text that its body contains."""

    method: str
    path: str
    status: int
    contains: bytes
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)

    def encoded(self, host: str, token: str) -> bytes:
        """Return the request as it goes over the wire."""
        lines = [
            f"{self.method} {self.path} HTTP/1.1",
            f"Host: {host}",
            f"Authorization: Bearer {token}",
            "Accept: application/json",
            *(f"{name}: {value}" for name, value in self.headers.items()),
        ]
        if self.body:
            lines += ["Content-Type: application/json", f"Content-Length: {len(self.body)}"]
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + self.body


@dataclass
class Outcome:
    """What a run measured. Latencies are in milliseconds."""

    clients: int
    seconds: float
    latencies: list[float]
    errors: list[str]

    @property
    def rate(self) -> float:
        """Right answers per second."""
        return len(self.latencies) / self.seconds

    def percentile(self, share: float) -> float:
        """Return the latency below which ``share`` (0 to 1) of the answers stayed."""
        if not self.latencies:
            return float("nan")
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]

    def to_dict(self) -> dict[str, float | int]:
        """Return the figures as JSON values."""
        return {
            "clients": self.clients,
            "per_second": round(self.rate, 1),
            "p50_ms": round(self.percentile(0.5), 2),
            "p95_ms": round(self.percentile(0.95), 2),
            "p99_ms": round(self.percentile(0.99), 2),
            "answers": len(self.latencies),
            "errors": len(self.errors),
        }


class _Connection:
    def __init__(self, address: tuple[str, int]) -> None:
        self.socket = socket.create_connection(address, timeout=10)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.received = b""
        self.request: Request | None = None
        self.sent_at = 0.0

    def send(self, request: Request, data: bytes) -> None:
        self.request, self.received = request, b""
        self.sent_at = time.perf_counter()
        self.socket.sendall(data)

    def complete(self) -> tuple[int, bytes] | None:
        """Read what is there; return status and body once the answer is whole."""
        chunk = self.socket.recv(262_144)
        if not chunk:
            raise ConnectionError("the server closed the connection")
        self.received += chunk
        end = self.received.find(b"\r\n\r\n")
        if end < 0:
            return None
        head = self.received[:end].lower()
        at = head.find(b"content-length:")
        length = int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
        if len(self.received) < end + 4 + length:
            return None
        return int(self.received[9:12]), self.received[end + 4 : end + 4 + length]


def run(
    address: tuple[str, int], token: str, following: Callable[[], Request | None], *, clients: int, seconds: float
) -> Outcome:
    """Keep ``clients`` requests in flight for ``seconds``; ``following`` gives the next one, none at the end of all."""
    host = f"{address[0]}:{address[1]}"
    watching = selectors.DefaultSelector()
    latencies: list[float] = []
    errors: list[str] = []
    connections = [_Connection(address) for _ in range(clients)]
    began = time.perf_counter()
    until = began + seconds
    in_flight = 0
    for connection in connections:
        if request := following():
            watching.register(connection.socket, selectors.EVENT_READ, connection)
            connection.send(request, request.encoded(host, token))
            in_flight += 1
    while in_flight:
        for key, _ in watching.select(timeout=15):
            connection = key.data
            answer = connection.complete()
            if answer is None:
                continue
            now = time.perf_counter()
            request = connection.request
            if answer[0] == request.status and request.contains in answer[1]:
                latencies.append((now - connection.sent_at) * 1000)
            else:
                errors.append(f"{request.method} {request.path}: {answer[0]} {answer[1][:200]!r}")
            if now < until and (request := following()):
                connection.send(request, request.encoded(host, token))
            else:
                in_flight -= 1
                watching.unregister(connection.socket)
                connection.socket.close()
    return Outcome(clients, time.perf_counter() - began, latencies, errors)
