"""Passwords: argon2id, computed beside the event hub and only a few at a time."""

from collections.abc import Callable
from typing import Final, TypeVar

import eventlet
import eventlet.patcher
import eventlet.semaphore
import eventlet.tpool
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

R = TypeVar("R")

# OWASP's second recommendation: 19 MiB, two passes, one lane. About 20 ms of one core.
_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)

# Each computation holds 19 MiB and a core; more at once would only starve the rest of the process.
AT_ONCE: Final = 2
_turns: Final = eventlet.semaphore.Semaphore(AT_ONCE)

# What an unknown user name is checked against, so that the answer takes as long as for a known one.
_NOBODY: Final = _HASHER.hash("nobody has this password")


def hash_password(password: str) -> str:
    """Return the argon2id hash of ``password`` in its standard text form; others run meanwhile."""
    return _aside(lambda: _HASHER.hash(password))


def verify_password(stored: str | None, password: str) -> bool:
    """Return whether ``password`` was hashed in ``stored``; None costs the same time and is never right."""
    return _aside(lambda: _verify(stored, password))


def needs_rehash(stored: str) -> bool:
    """Return whether ``stored`` was made with other parameters than today's."""
    return _HASHER.check_needs_rehash(stored)


def _verify(stored: str | None, password: str) -> bool:
    try:
        _HASHER.verify(stored or _NOBODY, password)
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


def _aside(work: Callable[[], R]) -> R:
    # Tools and tests may run without green threads; then there is no hub to keep free.
    if not eventlet.patcher.is_monkey_patched("thread"):
        return work()
    with _turns:
        result: R = eventlet.tpool.execute(work)
        return result
