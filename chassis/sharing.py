"""Work that several ask for at the same time, done once for all of them."""

import threading
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class Shared(Generic[T]):
    """Whoever asks first works; those who ask for the same while it lasts wait, and get its result or its failure.

    Nothing is remembered afterwards. It holds within one process.
    """

    def __init__(self) -> None:
        self._running: dict[Hashable, _Work[T]] = {}

    def once(self, key: Hashable, work: Callable[[], T]) -> T:
        """Return what ``work`` returns, here or where it is under way already; raise what it raises."""
        running = self._running.get(key)
        if running is None:
            running = self._running[key] = _Work()
            try:
                running.result = work()
            except BaseException as failure:
                running.failure = failure
                raise
            finally:
                del self._running[key]
                running.over.set()
            return running.result
        running.over.wait()
        if running.failure is not None:
            raise running.failure
        assert running.result is not None
        return running.result


class _Work(Generic[T]):
    def __init__(self) -> None:
        self.over = threading.Event()
        self.result: T | None = None
        self.failure: BaseException | None = None
