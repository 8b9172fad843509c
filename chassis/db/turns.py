"""Taking turns at a row that everybody wants: those of one process come to the database one after the other.

PostgreSQL lets whoever happens to ask when a lock becomes free have it, so of many who wait some wait very long. Here
they come in the order in which they asked.
"""

import threading
from collections import deque
from collections.abc import Hashable
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, SessionTransaction

PATIENCE: Final = 1.0  # seconds; who holds the turn may wait for a row of ours, and only the database can notice that
_HELD: Final = "turns"  # where a session's info holds its turns

_queues: Final[dict[Hashable, "deque[threading.Event]"]] = {}


def wait_for(session: Session, key: Hashable) -> None:
    """Wait until nobody in this process who asked before has the turn ``key``; it ends with the transaction.

    Who waited for ``PATIENCE`` goes on all the same. SQLite has one writer at a time anyway.
    """
    held: dict[Hashable, threading.Event] = session.info.setdefault(_HELD, {})
    if key in held or session.get_bind().dialect.name == "sqlite":
        return
    queue = _queues.setdefault(key, deque())
    mine = held[key] = threading.Event()
    queue.append(mine)
    if queue[0] is not mine:
        mine.wait(PATIENCE)


@sa.event.listens_for(Session, "after_transaction_end")
def _ended(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is not None:
        return
    held: dict[Hashable, Any] = session.info.pop(_HELD, {})
    for key, mine in held.items():
        queue = _queues[key]
        queue.remove(mine)
        if queue:
            queue[0].set()
        else:
            del _queues[key]
