"""The request id and the trace of a request: the caller's where they are sound, else new ones."""

import random
import re
from typing import Any, Final

_REQUEST_ID: Final = re.compile(r"[A-Za-z0-9._:/+=-]{1,128}")
_TRACEPARENT: Final = re.compile(r"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")

# Ids are no secrets, and asking the kernel for randomness costs a thread its turn.
_random: Final = random.Random()  # noqa: S311


def request_id(environ: dict[str, Any]) -> str:
    """Return the caller's X-Request-ID, or a new one."""
    given: str | None = environ.get("HTTP_X_REQUEST_ID")
    return given if given is not None and _REQUEST_ID.fullmatch(given) else f"{_random.getrandbits(128):032x}"


def traceparent(environ: dict[str, Any]) -> str:
    """Return the caller's W3C traceparent, or the first step of a new trace."""
    given: str | None = environ.get("HTTP_TRACEPARENT")
    if given is not None and _TRACEPARENT.fullmatch(given):
        return given
    return f"00-{_random.getrandbits(128) or 1:032x}-{_random.getrandbits(64) or 1:016x}-01"


def seed() -> None:
    """Begin a sequence of ids of this process's own; forked workers would otherwise give the same ones."""
    _random.seed()
