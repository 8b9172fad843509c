"""What a client does where a suite on a busy machine answers that it was too slow: it asks again."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
TOO_SLOW = {503, 504}
SECONDS = 20.0


def patiently(ask: Callable[[], T], status: Callable[[T], int]) -> T:
    """Return the answer; one that says 503 or 504 only where it still says so after twenty seconds."""
    end = time.monotonic() + SECONDS
    while True:
        answer = ask()
        if status(answer) not in TOO_SLOW or time.monotonic() > end:
            return answer
        time.sleep(0.5)
