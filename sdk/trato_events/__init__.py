"""Subscribe to the events of a Trato CRM suite: ``subscribe("crm.sales.*", handler)``.

It imports nothing of the suite and needs nothing but pika. What it promises: every event of the patterns reaches the
handler at least once, in the order of its subject; what was handled is not handed out again as long as the store
remembers it; what fails is tried again later and at last parked, never lost.
"""

from trato_events.connecting import Refused
from trato_events.event import Actor, Event, NotAnEvent
from trato_events.gaps import Gap
from trato_events.history import history
from trato_events.permanent import Permanent
from trato_events.sqlite_store import SqliteStore
from trato_events.stores import MemoryStore, Store
from trato_events.subscription import Subscription, subscribe

__all__ = [
    "Actor",
    "Event",
    "Gap",
    "MemoryStore",
    "NotAnEvent",
    "Permanent",
    "Refused",
    "SqliteStore",
    "Store",
    "Subscription",
    "history",
    "subscribe",
]
