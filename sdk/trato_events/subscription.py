"""A subscription: takes events in, one at a time in the order of their subjects, and gives them to a handler."""

import json
import logging
import queue
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from trato_events.account import Account
from trato_events.delivery import Delivery
from trato_events.event import Event
from trato_events.feed import Wish
from trato_events.gaps import Gap, gap_before, warn
from trato_events.lanes import DELAYS, Lanes
from trato_events.link import Link
from trato_events.patterns import has_all_of, routing_keys
from trato_events.permanent import Permanent
from trato_events.progress import Progress
from trato_events.starting import NOW, Reading, Start
from trato_events.stopping import on_signals
from trato_events.stores import MemoryStore, Store

log = logging.getLogger("trato_events")
Handler = Callable[[Event], object]
_HISTORY, _BOUND, _PARKED, _BEHIND_US = "history", "bound", "parked", "behind us"
# How often the place in the history is written down, and how soon a stop from another thread is seen at the latest.
_TICK_SECONDS = 1.0


def subscribe(patterns: str | Iterable[str], handler: Handler, **options: Any) -> None:
    """Give events to the handler until SIGTERM or Ctrl-C; the options are those of ``Subscription``."""
    Subscription(patterns, handler, **options).run()


class Subscription:
    """A durable subscription: it goes on where it was when the program comes back.

    ``patterns`` are ``crm.<service>.<topic>`` with ``*`` and ``#``. When ``handler`` returns, the event is done; when
    it raises, the event is tried again after ``delays`` (seconds) and then parked, at once where it raises
    ``Permanent``; later events of its subject wait behind it, others go on. ``url`` and ``name`` default to
    ``TRATO_EVENTS_URL`` and ``TRATO_EVENTS_NAME`` or the user's name. ``start`` is where a subscription begins that the
    ``store`` does not know yet: ``now``, ``first``, a date, or a cursor. ``prefetch`` is how many events are held at
    most. ``on_gap`` is told of holes in a subject's sequence, where the patterns cover a whole service. Raises
    ``ValueError`` with a sentence.
    """

    def __init__(
        self,
        patterns: str | Iterable[str],
        handler: Handler,
        *,
        url: str | None = None,
        name: str | None = None,
        store: Store | None = None,
        start: Start = NOW,
        prefetch: int = 200,
        delays: Sequence[float] = DELAYS,
        on_gap: Callable[[Gap], object] = warn,
    ) -> None:
        self._account = Account.of(url, name)
        self._keys = routing_keys(patterns)
        self._handler, self._on_gap, self._prefetch = handler, on_gap, prefetch
        self._store = MemoryStore() if store is None else store
        self._progress = Progress(self._beginning(start))
        self._lanes = Lanes(delays)
        self._arriving: queue.SimpleQueue[Delivery | Exception | None] = queue.SimpleQueue()
        self._stopping = False
        self._ticked = time.monotonic()

    def run(self) -> None:
        """Handle events until ``stop`` is called or, in the main thread, SIGTERM or Ctrl-C comes.

        What runs is finished and acknowledged. Raises ``Refused`` where the broker answers no.
        """
        wish = Wish(self._account.name, self._keys, self._no_longer_wanted(), self._prefetch)
        link = Link(self._account, wish, self._progress, out=self._arriving.put, failed=self._arriving.put)
        with on_signals(self.stop):
            link.start()
            try:
                while not self._stopping:
                    self._take_in()
                    if delivery := self._lanes.next(time.monotonic()):
                        self._handle(delivery)
                    self._note_progress()
            finally:
                link.stop()
                self._note_progress(now=True)

    def stop(self) -> None:
        """End ``run`` after the event that is being handled; may be called from a signal or another thread."""
        self._stopping = True
        self._arriving.put(None)

    def _take_in(self) -> None:
        """Wait until something arrives or is due, and take in all that has arrived."""
        pause = self._lanes.pause(time.monotonic())
        try:
            if pause == 0:
                arrived = self._arriving.get_nowait()
            else:
                arrived = self._arriving.get(timeout=min(pause or _TICK_SECONDS, _TICK_SECONDS))
            while True:
                if isinstance(arrived, Exception):
                    raise arrived
                if arrived is not None:
                    self._lanes.add(arrived)
                arrived = self._arriving.get_nowait()
        except queue.Empty:
            return

    def _handle(self, delivery: Delivery) -> None:
        event, attempts = delivery.event, self._lanes.attempts(delivery)
        try:
            if self._is_new(delivery):
                if attempts == 0:
                    self._look_for_a_gap(event)
                self._handler(event)
                self._store.add(event)
        except Exception as error:
            if not isinstance(error, Permanent) and self._lanes.failed(delivery, time.monotonic()):
                log.warning("%s %s failed, attempt %s: %r", event.type, event.id, attempts + 1, error, exc_info=True)
                return
            if not self._park(delivery, error, attempts + 1):
                self._lanes.lost(delivery)
                return
        delivery.acknowledge()
        self._lanes.done(delivery)
        if event.cursor is not None:
            self._progress.done(event.cursor)

    def _is_new(self, delivery: Delivery) -> bool:
        """Whether the event was neither handled nor parked; what was parked and sent again is new."""
        if self._store.has(delivery.event):
            return False
        return delivery.resent or self._store.get(f"{_PARKED} {delivery.event.id}") is None

    def _park(self, delivery: Delivery, error: Exception, attempts: int) -> bool:
        """Put an event aside; return False where the connection broke over it."""
        event = delivery.event
        log.error("%s %s is parked after %s attempt(s): %r", event.type, event.id, attempts, error)
        if not delivery.park(f"{type(error).__name__}: {error}", attempts):
            return False
        self._store.put(f"{_PARKED} {event.id}", str(error))
        self._store.passed(event.subject, event.sequence)
        return True

    def _look_for_a_gap(self, event: Event) -> None:
        if has_all_of(self._keys, event.service):
            gap = gap_before(event, self._store.last(event.subject))
            if gap is not None:
                self._on_gap(gap)

    def _beginning(self, start: Start) -> Reading | None:
        word = self._store.get(_HISTORY)
        if word is None:
            return None if start == NOW else Reading.at(start)
        return None if word == _BEHIND_US else Reading.from_word(word)

    def _note_progress(self, *, now: bool = False) -> None:
        if not now and time.monotonic() < self._ticked + _TICK_SECONDS:
            return
        self._ticked = time.monotonic()
        place = self._progress.place
        word = _BEHIND_US if place is None else place.to_word()
        if self._store.get(_HISTORY) != word:
            self._store.put(_HISTORY, word)

    def _no_longer_wanted(self) -> tuple[str, ...]:
        """Return the routing keys that this subscription was bound to once, and remember those of now."""
        before = json.loads(self._store.get(_BOUND) or "[]")
        self._store.put(_BOUND, json.dumps(self._keys))
        return tuple(key for key in before if key not in self._keys)
