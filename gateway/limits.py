"""How many requests somebody may make: token buckets, in this process."""

import math
import threading
from time import monotonic

from chassis.errors import TooMany

MAX_ADDRESSES = 20_000


class Bucket:
    """``rate`` tokens flow in per second, up to ``burst``; each request takes one."""

    __slots__ = ("_at", "_burst", "_level", "_rate")

    def __init__(self, rate: float, burst: float) -> None:
        self._rate = rate
        self._burst = burst
        self._level = burst
        self._at = monotonic()

    def take(self) -> None:
        """Take one token; refuse with the whole seconds to wait where there is none.

        Threads may interleave here and let one request too many through: cheaper than a lock, and harmless.
        """
        now = monotonic()
        level = min(self._burst, self._level + (now - self._at) * self._rate)
        self._at = now
        if level < 1:
            self._level = level
            raise TooMany(retry_after=max(1, math.ceil((1 - level) / self._rate)))
        self._level = level - 1

    def check(self) -> None:
        """Refuse as ``take`` does, without taking."""
        level = min(self._burst, self._level + (monotonic() - self._at) * self._rate)
        if level < 1:
            raise TooMany(retry_after=max(1, math.ceil((1 - level) / self._rate)))

    def is_full(self) -> bool:
        """Whether nothing was taken lately, so that forgetting this bucket changes nothing."""
        return self._level + (monotonic() - self._at) * self._rate >= self._burst


class Buckets:
    """A bucket for each key (an address), forgotten when it is full again; bounded in number."""

    def __init__(self, rate: float, burst: float) -> None:
        self._rate = rate
        self._burst = burst
        self._buckets: dict[str, Bucket] = {}
        self._lock = threading.Lock()

    def take(self, key: str) -> None:
        """Take one token of ``key``; refuses as ``Bucket.take``."""
        bucket = self._buckets.get(key)
        if bucket is None:
            bucket = self._add(key)
        bucket.take()

    def check(self, key: str) -> None:
        """Refuse where ``key`` has no token left, without taking one."""
        bucket = self._buckets.get(key)
        if bucket is not None:
            bucket.check()

    def _add(self, key: str) -> Bucket:
        with self._lock:
            if len(self._buckets) >= MAX_ADDRESSES:
                self._buckets = {k: b for k, b in self._buckets.items() if not b.is_full()}
            if len(self._buckets) >= MAX_ADDRESSES:
                # A flood from very many addresses: starting over bounds the memory and slows nobody down.
                self._buckets = {}
            return self._buckets.setdefault(key, Bucket(self._rate, self._burst))


class Limits:
    """The limits by address: one for everybody, a narrow one for whoever has not shown who they are."""

    def __init__(self, *, address_rate: float, stranger_rate: float) -> None:
        self.addresses = Buckets(address_rate, address_rate * 2)
        self.strangers = Buckets(stranger_rate, stranger_rate * 3)
