"""AMQP 0-9-1 frames, written and read without a library's layers: the few kinds that answering calls needs."""

from collections.abc import Mapping
from struct import Struct
from typing import Any, Final, NamedTuple

from amqp.serialization import loads

METHOD, HEADER, BODY, HEARTBEAT = 1, 2, 3, 8
CONNECTION_CLOSE, CONNECTION_CLOSE_OK = 10 << 16 | 50, 10 << 16 | 51
CHANNEL_CLOSE = 20 << 16 | 40
CANCEL, CANCEL_OK = 60 << 16 | 30, 60 << 16 | 31
PUBLISH, DELIVER, ACK = 60 << 16 | 40, 60 << 16 | 60, 60 << 16 | 80

FRAME_END: Final = 0xCE
FRAME_MAX: Final = 131_072  # what RabbitMQ offers and py-amqp takes
LARGEST_BODY: Final = FRAME_MAX - 8

_FRAME = Struct(">BHI")
_METHOD = Struct(">I")
_LENGTH = Struct(">I")
_SIZE = Struct(">Q")
_CONTENT = Struct(">BHIHHQH")  # a header frame up to the property flags
_TAGGED = Struct(">BHIIQBB")  # a whole ack frame
_BASIC: Final = 60
_LONG_STRING: Final = ord("S")
_JSON: Final = b"\x10application/json\x05utf-8"
_TRANSIENT: Final = b"\x01"
_EMPTY: Final = b""


class FrameError(Exception):
    """The bytes are not AMQP frames; the connection is of no further use."""


class Incoming(NamedTuple):
    """One method from the broker, with its content where it carries any."""

    signature: int
    channel: int
    method: bytes
    properties: bytes
    body: bytes


class Properties(NamedTuple):
    """What an answer needs of its request's properties.

    The correlation id and the reply queue keep their length byte, ready to be sent back.
    """

    headers: dict[str, Any]
    correlation_id: bytes
    reply_to: bytes
    expiration: bytes


def short(text: str) -> bytes:
    """Return a short string with its length. Raises ``ValueError`` above 255 bytes."""
    encoded = text.encode()
    return bytes((len(encoded),)) + encoded


def method_frame(channel: int, signature: int, arguments: bytes = _EMPTY) -> bytes:
    """Return the frame of one method."""
    head = _FRAME.pack(METHOD, channel, 4 + len(arguments))
    return b"".join((head, _METHOD.pack(signature), arguments, b"\xce"))


HEARTBEAT_FRAME: Final = _FRAME.pack(HEARTBEAT, 0, 0) + b"\xce"


def publish_frame(channel: int, exchange: str, routing_key: bytes) -> bytes:
    """Return the method frame of a publish; ``routing_key`` comes with its length byte."""
    arguments = b"\0\0" + short(exchange) + routing_key + b"\0"
    return method_frame(channel, PUBLISH, arguments)


def ack_frame(channel: int, tag: int, *, multiple: bool) -> bytes:
    """Return the frame that acknowledges one delivery, or all up to it."""
    return _TAGGED.pack(METHOD, channel, 13, ACK, tag, multiple, FRAME_END)


def reply_content(channel: int, headers: Mapping[str, str], correlation_id: bytes, body: bytes) -> bytes:
    """Return the content of a transient reply."""
    if headers:
        return _content(channel, 0xF400, b"".join((_JSON, _table(headers), _TRANSIENT, correlation_id)), body)
    return _content(channel, 0xD400, b"".join((_JSON, _TRANSIENT, correlation_id)), body)


def read_properties(content: bytes) -> Properties:
    """Return the properties of a header frame."""
    flags = content[12] << 8 | content[13]
    at = 14
    headers: dict[str, Any] = {}
    found = [_EMPTY, _EMPTY, _EMPTY]
    for flag in (0x8000, 0x4000):  # content type and encoding: always JSON here
        if flags & flag:
            at += 1 + content[at]
    if flags & 0x2000:
        end = at + 4 + _LENGTH.unpack_from(content, at)[0]
        headers = _read_table(content, at, end)
        at = end
    if flags & 0x1000:
        at += 1
    if flags & 0x0800:
        at += 1
    for place, flag in enumerate((0x0400, 0x0200, 0x0100)):
        if flags & flag:
            end = at + 1 + content[at]
            found[place] = content[at:end]
            at = end
    return Properties(headers, found[0], found[1], found[2][1:])


def close_reason(method: bytes) -> str:
    """Return the code and text with which the broker closes a channel or connection."""
    code = method[4] << 8 | method[5]
    return f"{code} {method[7 : 7 + method[6]].decode(errors='replace')}"


class FrameReader:
    """Turns what the socket gives into methods. One channel at most may receive messages."""

    def __init__(self, already: bytes = _EMPTY) -> None:
        self._rest = already
        self._method = self._properties = _EMPTY
        self._parts: list[bytes] = []
        self._missing = 0

    def feed(self, data: bytes) -> list[Incoming]:  # noqa: C901 - one loop, as this runs for every frame
        """Return the methods that ``data`` completes. Raises ``FrameError``."""
        if self._rest:
            data = self._rest + data
        found: list[Incoming] = []
        at, available = 0, len(data)
        unpack = _FRAME.unpack_from
        while at + 7 < available:
            kind, channel, size = unpack(data, at)
            end = at + 7 + size
            if end >= available:
                break
            if data[end] != FRAME_END:
                raise FrameError(f"a frame of kind {kind} and {size} bytes does not end where it says")
            payload = data[at + 7 : end]
            at = end + 1
            if kind == BODY:
                self._parts.append(payload)
                self._missing -= size
                if self._missing <= 0:
                    found.append(self._complete(channel))
            elif kind == METHOD:
                signature = _METHOD.unpack_from(payload)[0]
                if signature == DELIVER:
                    self._method = payload
                else:
                    found.append(Incoming(signature, channel, payload, _EMPTY, _EMPTY))
            elif kind == HEADER:
                self._properties = payload
                self._missing = _SIZE.unpack_from(payload, 4)[0]
                if not self._missing:
                    found.append(self._complete(channel))
        self._rest = data[at:]
        return found

    def _complete(self, channel: int) -> Incoming:
        parts = self._parts
        body = parts[0] if len(parts) == 1 else b"".join(parts)
        parts.clear()
        return Incoming(DELIVER, channel, self._method, self._properties, body)


def _content(channel: int, flags: int, properties: bytes, body: bytes) -> bytes:
    size = len(body)
    head = _CONTENT.pack(HEADER, channel, 14 + len(properties), _BASIC, 0, size, flags)
    if size <= LARGEST_BODY:
        if not size:
            return b"".join((head, properties, b"\xce"))
        return b"".join((head, properties, b"\xce", _FRAME.pack(BODY, channel, size), body, b"\xce"))
    parts = [head, properties, b"\xce"]
    for start in range(0, size, LARGEST_BODY):
        piece = body[start : start + LARGEST_BODY]
        parts += (_FRAME.pack(BODY, channel, len(piece)), piece, b"\xce")
    return b"".join(parts)


def _table(headers: Mapping[str, str]) -> bytes:
    parts = [_EMPTY]
    for key, value in headers.items():
        encoded = value.encode()
        parts += (short(key), b"S", _LENGTH.pack(len(encoded)), encoded)
    parts[0] = _LENGTH.pack(sum(map(len, parts)))
    return b"".join(parts)


def _read_table(content: bytes, start: int, end: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    at = start + 4
    while at < end:
        size = content[at]
        key = content[at + 1 : at + 1 + size].decode()
        at += 1 + size
        if content[at] != _LONG_STRING:  # numbers, lists and dates: rare, so left to the library
            values, _ = loads("F", content, start)
            return dict(values[0])
        size = _LENGTH.unpack_from(content, at + 1)[0]
        at += 5
        found[key] = content[at : at + size].decode()
        at += size
    return found
