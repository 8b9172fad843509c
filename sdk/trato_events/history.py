"""The history as a plain iteration: nothing is remembered at the broker, nobody else is disturbed."""

import logging
import time
from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any

from trato_events import topology
from trato_events.account import Account
from trato_events.connecting import AWAY, connect, refused
from trato_events.event import Event, NotAnEvent
from trato_events.patterns import EVERYTHING, fits_any, routing_keys
from trato_events.starting import FIRST, Reading, Start

log = logging.getLogger("trato_events")
_PREFETCH = 500
_POLL_SECONDS = 0.2
# After so many round trips in which the broker, asked anew, had nothing more to give, the end has been reached.
_SILENT_ROUNDS = 5
_PAUSE_SECONDS = 1.0


def history(
    start: Start = FIRST,
    *,
    patterns: str | Iterable[str] = EVERYTHING,
    follow: bool = False,
    url: str | None = None,
    name: str | None = None,
) -> Iterator[Event]:
    """Yield the events that the suite keeps (30 days, or as much as fits), from ``start`` on, each with its ``cursor``.

    It ends where the history ends; with ``follow`` it goes on with what is told from then on, through broken
    connections too. ``start`` is ``first``, ``now``, a date, an instant or a cursor. Raises ``Refused``, or one of
    ``AWAY`` where the broker cannot be reached at first, or where it goes away and ``follow`` is not set.
    """
    account, keys = Account.of(url, name), routing_keys(patterns)
    reading, was_connected = Reading.at(start), False
    while True:
        try:
            for event, cursor in _read(account, reading, follow=follow):
                was_connected = True
                reading = reading.moved(cursor + 1)
                if event is not None and fits_any(keys, event.type) and reading.takes(event):
                    yield event
        except AWAY as error:  # noqa: PERF203 - once per connection
            if refusal := refused(error):
                raise refusal from error
            if not (follow and was_connected):
                raise
            log.warning("the broker is away (%r); trying again", error)
            time.sleep(_PAUSE_SECONDS)
        else:
            return


def _read(account: Account, reading: Reading, *, follow: bool) -> Iterator[tuple[Event | None, int]]:
    connection = connect(account.url, f"trato-events history {account.name}")
    try:
        arrived: deque[tuple[int, int, bytes]] = deque()

        def take(_channel: Any, method: Any, properties: Any, body: bytes) -> None:
            arrived.append((method.delivery_tag, int(properties.headers["x-stream-offset"]), body))

        channel = connection.channel()
        channel.basic_qos(prefetch_count=_PREFETCH)
        channel.basic_consume(topology.HISTORY, take, arguments={"x-stream-offset": reading.offset})
        silent = 0
        while follow or silent < _SILENT_ROUNDS:
            connection.process_data_events(time_limit=_POLL_SECONDS)
            if not channel.is_open:
                raise ConnectionResetError("the broker closed the channel")
            if not arrived:
                if not follow:
                    channel.basic_qos(prefetch_count=_PREFETCH)
                    silent += not arrived
                continue
            silent = 0
            while arrived:
                tag, cursor, body = arrived.popleft()
                yield _event(body, cursor), cursor
            channel.basic_ack(tag, multiple=True)
    finally:
        if connection.is_open:
            connection.close()


def _event(body: bytes, cursor: int) -> Event | None:
    try:
        return Event.from_json(body, cursor=cursor)
    except NotAnEvent as error:
        log.warning("#%s of the history: %s", cursor, error)
        return None
