"""Which events are wanted: ``crm.sales.*``, ``crm.cases.case_created``, ``crm.contacts.#``, ``crm.*.*.v1``.

``*`` is one word, ``#`` any number of words. A pattern that names no version means every version.
"""

import functools
import re
from collections.abc import Iterable

_WORD = re.compile(r"[a-z0-9_-]+|\*|#")
_WORDS_OF_A_TYPE = 4
EVERYTHING = "crm.#"


def routing_key(pattern: str) -> str:
    """Return a pattern as the broker takes it: with a place for the version. Raise ``ValueError``."""
    words = pattern.split(".")
    if not all(_WORD.fullmatch(word) for word in words):
        raise ValueError(f"{pattern!r} is no pattern of events: write crm.<service>.<topic>, with * or # for words")
    if "#" in words or len(words) == _WORDS_OF_A_TYPE:
        return pattern
    if len(words) == _WORDS_OF_A_TYPE - 1:
        return f"{pattern}.*"
    raise ValueError(f"{pattern!r} fits no event: their types are crm.<service>.<topic>.v<version>")


def routing_keys(patterns: str | Iterable[str]) -> tuple[str, ...]:
    """Return one pattern or several as the broker takes them. Raise ``ValueError``."""
    wanted = (patterns,) if isinstance(patterns, str) else tuple(patterns)
    if not wanted:
        raise ValueError("name at least one pattern, for example crm.sales.*")
    return tuple(dict.fromkeys(routing_key(each) for each in wanted))


def fits(key: str, type_: str) -> bool:
    """Whether an event type fits a routing key."""
    return _expression(key).fullmatch(f".{type_}") is not None


def fits_any(keys: Iterable[str], type_: str) -> bool:
    """Whether an event type fits one of several routing keys."""
    return any(fits(key, type_) for key in keys)


def has_all_of(keys: Iterable[str], service: str) -> bool:
    """Whether every event of a service is wanted: only then does a hole in a subject's sequence mean a loss."""
    probe = f"crm.{service}.\N{SNOWMAN}.v\N{SNOWMAN}"
    return any(fits(key, probe) for key in keys)


@functools.lru_cache(maxsize=1024)
def _expression(key: str) -> re.Pattern[str]:
    words = {"*": r"\.[^.]+", "#": r"(?:\.[^.]+)*"}
    return re.compile("".join(words.get(word) or rf"\.{re.escape(word)}" for word in key.split(".")))
