"""Frames that pika writes are read whole however the network cuts them, and what is written py-amqp reads."""

from amqp.basic_message import Message
from amqp.serialization import dumps, loads
from hypothesis import given
from hypothesis import strategies as st
from pika import BasicProperties
from pika.frame import Body, Header, Method
from pika.spec import Basic

from chassis.bus import rpc_frames as frames
from chassis.bus.wire import DIRECT_REPLY

TEXT = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=40)
HEADERS = st.dictionaries(st.text("abcxyz.-", min_size=1, max_size=20), TEXT, max_size=5)


def delivery(number: int, headers: dict[str, str], body: bytes) -> bytes:
    properties = BasicProperties(
        content_type="application/json",
        content_encoding="utf-8",
        headers=headers,
        delivery_mode=1,
        correlation_id=str(number),
        reply_to=DIRECT_REPLY,
        expiration="5000",
    )
    pieces = [body[start : start + frames.LARGEST_BODY] for start in range(0, len(body), frames.LARGEST_BODY)]
    parts = [Method(1, Basic.Deliver("calls", number, False, "", "s.m")), Header(1, len(body), properties)]
    return b"".join(part.marshal() for part in [*parts, *(Body(1, piece) for piece in pieces)])


@given(messages=st.lists(st.tuples(HEADERS, st.binary(max_size=60)), max_size=4), cuts=st.lists(st.integers(1, 40)))
def test_messages_arrive_whole_however_they_are_cut(messages, cuts):
    data = frames.HEARTBEAT_FRAME.join(delivery(number, *message) for number, message in enumerate(messages))
    reader, found, at = frames.FrameReader(), [], 0
    for cut in [*cuts, len(data)]:
        found += reader.feed(data[at : at + cut])
        at += cut
    assert [incoming.body for incoming in found] == [body for _, body in messages]
    read = [frames.read_properties(incoming.properties) for incoming in found]
    assert [properties.headers for properties in read] == [headers for headers, _ in messages]
    assert [properties.correlation_id[1:] for properties in read] == [b"%d" % n for n in range(len(messages))]
    assert all(properties.expiration == b"5000" for properties in read)


def test_a_body_larger_than_a_frame_arrives_whole():
    body = bytes(range(256)) * 2000
    assert [incoming.body for incoming in frames.FrameReader().feed(delivery(1, {}, body))] == [body]


def test_a_body_larger_than_a_frame_travels_in_several():
    body = b"x" * 500_000
    content, sizes = frames.reply_content(1, {}, frames.short("7"), body), []
    while content:
        size = 8 + int.from_bytes(content[3:7], "big")
        sizes.append(size)
        content = content[size:]
    assert max(sizes) == frames.FRAME_MAX
    assert sum(sizes[1:]) == len(body) + 8 * len(sizes[1:])


@given(headers=HEADERS)
def test_a_library_reads_our_properties_as_they_were_meant(headers):
    content = frames.reply_content(1, headers, frames.short("7"), b"{}")
    size = int.from_bytes(content[3:7], "big")
    message = Message()
    message.inbound_header(content[7 : 7 + size])
    assert message.properties == {
        "content_type": "application/json",
        "content_encoding": "utf-8",
        **({"application_headers": headers} if headers else {}),
        "delivery_mode": 1,
        "correlation_id": "7",
    }


@given(
    headers=st.dictionaries(
        st.text("abc.", min_size=1, max_size=9),
        st.one_of(TEXT, st.integers(-(2**60), 2**60), st.booleans(), st.lists(TEXT, max_size=3), st.none()),
        max_size=5,
    )
)
def test_headers_of_every_type_that_a_stock_client_sends_are_read(headers):
    message = Message(application_headers=headers, correlation_id="c", reply_to="r", priority=3, message_id="m")
    content = bytes(12) + message._serialize_properties()
    properties = frames.read_properties(content)
    assert properties.headers == headers
    assert (properties.correlation_id, properties.reply_to) == (b"\x01c", b"\x01r")


def test_the_frame_of_an_acknowledgement_is_what_the_library_writes():
    assert frames.ack_frame(1, 9, multiple=True)[7:-1] == b"\0\x3c\0\x50" + dumps("Lb", (9, True))
    assert loads("Lb", frames.ack_frame(1, 9, multiple=False)[11:-1], 0)[0] == [9, False]


def test_bytes_that_are_no_frames_are_refused():
    import pytest

    with pytest.raises(frames.FrameError):
        frames.FrameReader().feed(b"\x01\0\1\0\0\0\x04abcdX" + bytes(8))
