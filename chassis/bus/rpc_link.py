"""A service's connection for calls: the hub reads it, writes never wait, and losing it harms nobody."""

import logging
import socket
import ssl
from collections.abc import Callable
from time import monotonic
from typing import Any

from eventlet.event import Event
from eventlet.hubs import get_hub

from chassis.bus import rpc_frames as frames
from chassis.bus.rpc_acks import Acks
from chassis.bus.rpc_tls import NonBlockingTls

log = logging.getLogger(__name__)

REQUESTS, REPLIES = 1, 2  # channels: a reply that the broker refuses must not end the consumer
ACK_DELAY = 0.02  # seconds that a finished call may wait for others to be acknowledged with it
READ_AT_MOST = 256 * 1024  # bytes at a time
UNSENT_LIMIT = 64 * 1024 * 1024  # bytes; a broker that takes nothing for so long is as good as gone

Arrived = Callable[["Link", list[frames.Incoming]], None]


class Link:
    """One open connection. ``lost`` is sent once, when it ends for whatever reason."""

    def __init__(self, sock: Any, already: bytes, *, heartbeat: int, acks: Acks, arrived: Arrived) -> None:
        self.lost, self.cancelled = Event(), Event()
        self.acks = acks
        self._arrived = arrived
        self._sock: socket.socket | NonBlockingTls | None = _without_waiting(sock)
        self._green = sock  # kept, as it would close the real one when it is collected
        self._reader = frames.FrameReader(already)
        self._out: list[bytes] = []
        self._unsent = b""
        self._heard = self._spoke = monotonic()
        self._ack_timer: Any = None
        self._hub, self._interval = get_hub(), heartbeat
        self._file = self._sock.fileno()
        self._read_listener = self._hub.add(self._hub.READ, self._file, self._readable, self._gone, self._gone)
        self._write_listener: Any = None
        self._beat = self._hub.schedule_call_global(self._interval / 2, self._heartbeat)

    @property
    def is_open(self) -> bool:
        """Whether anything written can still arrive."""
        return self._sock is not None

    def reply(self, method: bytes, content: bytes) -> None:
        """Put a reply among what ``flush`` sends."""
        self._out += (method, content)

    def done(self, tag: int) -> None:
        """Acknowledge a delivery soon, together with others."""
        if self._sock is None:
            return  # the broker has taken it back already
        if self.acks.done(tag):
            self._out.append(self.acks.take())
        elif self._ack_timer is None:
            self._ack_timer = self._hub.schedule_call_global(ACK_DELAY, self._ack_late)

    def flush(self) -> None:
        """Send what was written, as far as the socket takes it; the rest follows by itself."""
        if not self._out or self._sock is None:
            return
        data = b"".join(self._out)
        self._out.clear()
        if self._unsent:
            self._unsent += data
            if len(self._unsent) > UNSENT_LIMIT:
                self.lose("the broker takes nothing")
            return
        self._spoke = monotonic()
        try:
            sent = self._sock.send(data)
        except BlockingIOError:
            sent = 0
        except OSError as error:
            self.lose(str(error))
            return
        if sent < len(data):
            self._unsent = data[sent:]
            self._write_listener = self._hub.add(self._hub.WRITE, self._file, self._writable, self._gone, self._gone)

    @property
    def has_unsent(self) -> bool:
        """Whether something written has not left this process."""
        return bool(self._out or self._unsent)

    def cancel(self, consumer: str) -> None:
        """Ask the broker to send no more calls; ``cancelled`` is sent when it has heard."""
        self._out.append(frames.method_frame(REQUESTS, frames.CANCEL, frames.short(consumer) + b"\0"))
        self.flush()

    def close(self) -> None:
        """Say goodbye; ``lost`` is sent when the broker has heard it."""
        if self._sock is None:
            return
        if self.acks.waiting:
            self._out.append(self.acks.take())
        self._out.append(frames.method_frame(0, frames.CONNECTION_CLOSE, b"\0\xc8\x00\0\0\0\0"))
        self.flush()

    def lose(self, why: str) -> None:
        """Drop the connection, whatever was on its way."""
        if self._sock is None:
            return
        sock, self._sock = self._sock, None
        self._hub.remove(self._read_listener)
        self._stop_writing()
        self._beat.cancel()
        if self._ack_timer is not None:
            self._ack_timer.cancel()
        self._out.clear()
        self._unsent = b""
        sock.close()
        self.lost.send(why)

    def _readable(self, _file: int) -> None:
        """Read what is there. An exception here would stop the hub from reading ever again, so there is none."""
        if self._sock is None:
            return
        try:
            data = self._sock.recv(READ_AT_MOST)
            if not data:
                self.lose("the broker closed the connection")
                return
            self._heard = monotonic()
            self._read(self._reader.feed(data))
        except BlockingIOError:
            return
        except Exception as error:  # noqa: BLE001 - whatever it is, a new connection starts afresh
            self.lose(repr(error))

    def _read(self, arrived: list[frames.Incoming]) -> None:
        calls = [incoming for incoming in arrived if incoming.signature == frames.DELIVER]
        if len(calls) < len(arrived):
            for incoming in arrived:
                if incoming.signature != frames.DELIVER:
                    self._control(incoming)
        if calls:
            self._arrived(self, calls)

    def _control(self, incoming: frames.Incoming) -> None:
        if incoming.signature == frames.CANCEL_OK:
            if not self.cancelled.ready():
                self.cancelled.send(None)
        elif incoming.signature == frames.CONNECTION_CLOSE:
            self._out.append(frames.method_frame(0, frames.CONNECTION_CLOSE_OK))
            self.flush()
            self.lose(frames.close_reason(incoming.method))
        elif incoming.signature == frames.CONNECTION_CLOSE_OK:
            self.lose("closed by us")
        elif incoming.signature == frames.CHANNEL_CLOSE:
            self.lose(frames.close_reason(incoming.method))
        elif incoming.signature == frames.CANCEL:
            self.lose("the queue was deleted")

    def _writable(self, _file: int) -> None:
        if self._sock is None:
            return
        try:
            sent = self._sock.send(self._unsent)
        except BlockingIOError:
            return
        except OSError as error:
            self.lose(str(error))
            return
        self._spoke = monotonic()
        self._unsent = self._unsent[sent:]
        if not self._unsent:
            self._stop_writing()
            self.flush()

    def _stop_writing(self) -> None:
        if self._write_listener is not None:
            self._hub.remove(self._write_listener)
            self._write_listener = None

    def _ack_late(self) -> None:
        self._ack_timer = None
        if self.acks.waiting:
            self._out.append(self.acks.take())
            self.flush()

    def _heartbeat(self) -> None:
        """Speak when silent for long, and give the broker up when it is silent for two heartbeats.

        After this process stood still, what the broker sent is still to be read: so look once more first.
        """
        now = monotonic()
        if now - self._heard > 2 * self._interval:
            self._readable(self._file)
            if self._sock is not None and now - self._heard > 2 * self._interval:
                self.lose("the broker is silent")
        if self._sock is None:
            return
        if now - self._spoke >= self._interval / 2 and not self._unsent:
            self._out.append(frames.HEARTBEAT_FRAME)
            self.flush()
        if self._sock is not None:
            self._beat = self._hub.schedule_call_global(self._interval / 2, self._heartbeat)

    def _gone(self, *_: object) -> None:
        self.lose("the socket was closed")


def _without_waiting(sock: Any) -> socket.socket | NonBlockingTls:
    """Return what is beneath a green socket, which would wait by switching greenthreads."""
    if isinstance(sock, ssl.SSLSocket):
        return NonBlockingTls(sock)
    real: socket.socket = getattr(sock, "fd", sock)
    real.setblocking(False)
    return real
