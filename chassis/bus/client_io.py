"""The connection that all callers of a process share: any thread sends, one thread receives and reconnects."""

import contextlib
import logging
import random
import socket
import ssl
import struct
import threading
import time
from collections import deque
from collections.abc import Callable
from time import monotonic
from typing import Any

import amqp

from chassis.bus import rpc_frames as frames
from chassis.bus.rpc_connection import HEARTBEAT, connect
from chassis.bus.rpc_tls import SharedTls
from chassis.bus.wire import DIRECT_REPLY, EXCHANGE

log = logging.getLogger(__name__)

CHANNEL = 1
TICK = HEARTBEAT // 2  # seconds between looks at the clock while nothing arrives
FIRST_PAUSE, LONGEST_PAUSE = 0.05, 1.0  # seconds between attempts to reach the broker

Received = Callable[[frames.Incoming], None]


class ConnectionLost(OSError):
    """The connection to the broker ended."""


class ClientConnection:
    """Keeps a connection open until ``close``; what is sent while there is none is refused by ``send``."""

    def __init__(self, url: str, *, name: str, received: Received, lost: Callable[[], None]) -> None:
        self._url, self._name = url, name
        self._received, self._lost = received, lost
        self._sock: Any = None
        self._outgoing: deque[bytes] = deque()
        self._sending = threading.Lock()
        self._spoke = 0.0
        self._is_closing = False
        self._held: deque[tuple[bytes, Callable[[], bool]]] = deque()
        self._is_blocked = False
        self.ready = threading.Event()
        self.has_tried = False
        self._thread = threading.Thread(target=self._stay_connected, name="broker-client", daemon=True)
        self._thread.start()

    def send(self, frame: bytes, wanted: Callable[[], bool]) -> None:
        """Send a message, together with those of other threads. Raises ``ConnectionLost``.

        While the broker takes no messages it is held back, and sent afterwards if it is still ``wanted``.
        """
        if self._is_blocked:
            self._held.append((frame, wanted))
            return
        self._outgoing.append(frame)
        while self._outgoing:
            if not self._sending.acquire(blocking=False):
                return  # the thread that sends now looks again when it has finished
            try:
                self._send_all()
            finally:
                self._sending.release()

    def close(self) -> None:
        """Say goodbye and end the thread."""
        self._is_closing = True
        sock = self._sock
        if sock is not None:
            try:
                goodbye = frames.method_frame(0, frames.CONNECTION_CLOSE, b"\0\xc8\0\0\0\0\0")
                self.send(goodbye, lambda: False)
                sock.shutdown(socket.SHUT_WR)
            except OSError:
                pass  # it is gone already
        if self._thread is not threading.current_thread():
            self._thread.join(2)

    def _send_all(self) -> None:
        batch: list[bytes] = []
        while self._outgoing:
            batch.append(self._outgoing.popleft())
        if not batch:
            return
        sock = self._sock
        if sock is None:
            raise ConnectionLost("there is no connection to the broker")
        self._spoke = monotonic()
        try:
            sock.sendall(batch[0] if len(batch) == 1 else b"".join(batch))
        except OSError as error:
            self._hang_up(sock)
            raise ConnectionLost(str(error)) from error

    def _stay_connected(self) -> None:
        pause = FIRST_PAUSE
        while not self._is_closing:
            try:
                sock, reader = self._open()
            except (OSError, amqp.AMQPError) as error:
                log.warning("cannot reach the broker: %s", error)
                self.has_tried = True
                time.sleep(pause * random.uniform(0.7, 1.3))  # noqa: S311 - spreads the clients, hides nothing
                pause = min(pause * 2, LONGEST_PAUSE)
                continue
            pause = FIRST_PAUSE
            why = self._receive(sock, reader)
            if not self._is_closing:
                log.warning("lost the broker: %s", why)

    def _open(self) -> tuple[Any, frames.FrameReader]:
        connection = connect(self._url, name=self._name)
        try:
            channel = connection.channel(CHANNEL)
            channel.exchange_declare(EXCHANGE, "topic", durable=True, auto_delete=False)
            channel.basic_consume(DIRECT_REPLY, no_ack=True)
        except BaseException:
            connection.collect()
            raise
        transport = connection.transport
        sock, transport.sock = transport.sock, None
        sock = _shareable(sock)
        self._is_blocked = False
        self._spoke = monotonic()
        self._sock = sock
        self.has_tried = True
        self.ready.set()
        return sock, frames.FrameReader(bytes(transport._read_buffer))  # noqa: SLF001 - py-amqp has no other way

    def _receive(self, sock: Any, reader: frames.FrameReader) -> str:
        """Read until the connection ends; return why it did."""
        heard = monotonic()
        try:
            while True:
                try:
                    data = sock.recv(131_072)
                except (BlockingIOError, TimeoutError):
                    data = None
                now = monotonic()
                if data:
                    heard = now
                    for incoming in reader.feed(data):
                        if incoming.signature in (frames.DELIVER, frames.RETURN):
                            self._received(incoming)
                        else:
                            self._control(incoming)
                elif data is not None:
                    raise ConnectionLost("the broker closed the connection")
                elif now - heard > 2 * HEARTBEAT:
                    raise ConnectionLost("the broker is silent")
                if now - self._spoke >= TICK and not self._is_blocked:
                    self.send(frames.HEARTBEAT_FRAME, lambda: True)
        except (OSError, frames.FrameError) as error:
            return str(error)
        finally:
            self.ready.clear()
            self._sock = None
            sock.close()
            self._outgoing.clear()
            self._held.clear()
            self._lost()

    def _control(self, incoming: frames.Incoming) -> None:
        if incoming.signature == frames.CONNECTION_BLOCKED:
            log.warning("the broker takes no messages now")
            self._is_blocked = True
        elif incoming.signature == frames.CONNECTION_UNBLOCKED:
            self._is_blocked = False
            while self._held:
                frame, wanted = self._held.popleft()
                if wanted():
                    self.send(frame, wanted)
        elif incoming.signature == frames.CONNECTION_CLOSE:
            self.send(frames.method_frame(0, frames.CONNECTION_CLOSE_OK), lambda: True)
            raise ConnectionLost(frames.close_reason(incoming.method))
        elif incoming.signature in (frames.CHANNEL_CLOSE, frames.CANCEL):
            raise ConnectionLost(frames.close_reason(incoming.method))
        elif incoming.signature == frames.CONNECTION_CLOSE_OK:
            raise ConnectionLost("closed by us")

    def _hang_up(self, sock: Any) -> None:
        with contextlib.suppress(OSError):  # the receiving thread notices either way
            sock.shutdown(socket.SHUT_RDWR)


def _shareable(sock: Any) -> Any:
    """Let ``recv`` come back every few seconds; in the kernel where it blocks, in the hub where it is green."""
    if isinstance(sock, ssl.SSLSocket):
        return SharedTls(sock, tick=TICK)
    if type(sock).__module__.startswith("eventlet"):
        sock.settimeout(TICK)
        return sock
    sock.settimeout(None)
    for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
        sock.setsockopt(socket.SOL_SOCKET, option, struct.pack("ll", TICK, 0))
    return sock
