"""Token buckets: how many requests, and how long to wait."""

from types import SimpleNamespace

import pytest

from chassis.errors import TooMany
from gateway import limits
from gateway.limits import MAX_ADDRESSES, Bucket, Buckets


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """A clock that stands until the test moves it."""
    standing = SimpleNamespace(now=100.0)
    monkeypatch.setattr(limits, "monotonic", lambda: standing.now)
    return standing


def test_a_burst_passes_and_then_the_wait_is_told(clock: SimpleNamespace) -> None:
    bucket = Bucket(rate=0.5, burst=3)
    for _ in range(3):
        bucket.take()
    for wait in (2, 1):
        with pytest.raises(TooMany) as refused:
            bucket.take()
        assert refused.value.params == {"retry_after": wait}
        clock.now += 1


def test_tokens_flow_in_again(clock: SimpleNamespace) -> None:
    bucket = Bucket(rate=1, burst=1)
    bucket.take()
    clock.now += 0.95
    with pytest.raises(TooMany):
        bucket.take()
    clock.now += 0.1
    bucket.take()


def test_looking_takes_nothing() -> None:
    bucket = Bucket(rate=0.001, burst=1)
    for _ in range(5):
        bucket.check()
    bucket.take()
    with pytest.raises(TooMany):
        bucket.check()


def test_each_address_has_a_bucket_of_its_own_and_their_number_is_bounded() -> None:
    buckets = Buckets(rate=0.001, burst=1)
    for number in range(MAX_ADDRESSES + 10):
        buckets.take(f"address {number}")
    assert len(buckets._buckets) <= MAX_ADDRESSES
    with pytest.raises(TooMany):
        buckets.take(f"address {MAX_ADDRESSES + 9}")
