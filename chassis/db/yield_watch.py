"""Notices, in tests, a SQLite write transaction that lets other greenthreads run while it holds the lock."""

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import greenlet


class YieldedInTransactionError(AssertionError):
    """A write transaction on SQLite waited for something: every other writer of the process waited with it."""


class YieldWatch:
    """Watches the switches of one thread while a block runs."""

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Run the block. Raise ``YieldedInTransactionError``, with the place, if it switched away."""
        owner = greenlet.getcurrent()
        places: list[str] = []

        def switched(event: str, args: Any) -> None:
            if event in {"switch", "throw"} and args[0] is owner and not places:
                places.append("".join(traceback.format_stack(owner.gr_frame, limit=12)))

        before = greenlet.settrace(switched)
        try:
            yield
        finally:
            greenlet.settrace(before)
        if places:
            raise YieldedInTransactionError(f"the write transaction yielded here:\n{places[0]}")
