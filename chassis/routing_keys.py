"""Patterns of event types, as AMQP's topic exchanges read them."""

import functools
import re


def fits(pattern: str, type_: str) -> bool:
    """Whether an event type fits a routing key pattern with ``*`` and ``#``."""
    return _expression(pattern).fullmatch(type_) is not None


@functools.lru_cache(maxsize=1024)
def _expression(pattern: str) -> re.Pattern[str]:
    words = {"*": r"[^.]+", "#": r".*"}
    # "crm.#" also matches "crm" in AMQP; no event is called that.
    return re.compile(r"\.".join(words.get(word) or re.escape(word) for word in pattern.split(".")))
