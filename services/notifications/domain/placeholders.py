"""Placeholders in texts: ``{{ person.first_name }}`` stands for a value that is known when the text is sent."""

import html
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from services.notifications.errors import BrokenPlaceholder, UnknownPlaceholder

_PLACEHOLDER: Final = re.compile(r"\{\{\s*([a-z][a-z0-9_]*(?:\.[a-z0-9_]+)*)\s*\}\}")
_SHOWN: Final = 40


def names(text: str) -> Iterator[str]:
    """Return the names that a text refers to. Raise ``BrokenPlaceholder`` for braces that are no placeholder."""
    rest = _PLACEHOLDER.sub("", text)
    if (start := rest.find("{{")) >= 0:
        raise BrokenPlaceholder(text=rest[start : start + _SHOWN])
    return (found[1] for found in _PLACEHOLDER.finditer(text))


def check(text: str, sample: Mapping[str, Any], where: str) -> None:
    """Raise ``UnknownPlaceholder``, naming it, unless ``sample`` has a plain value for each placeholder."""
    for name in names(text):
        _value(name, sample, where)


def filled(text: str, values: Mapping[str, Any], *, where: str, markup: bool = False, lenient: bool = False) -> str:
    """Return ``text`` with the values in place, escaped where the text is ``markup``.

    Raises ``UnknownPlaceholder`` where there is no plain value for one, unless ``lenient`` leaves it empty.
    """

    def value(found: re.Match[str]) -> str:
        try:
            plain = _value(found[1], values, where)
        except UnknownPlaceholder:
            if not lenient:
                raise
            plain = ""
        return html.escape(plain) if markup else plain

    return _PLACEHOLDER.sub(value, text)


def has(name: str, values: Mapping[str, Any]) -> bool:
    """Whether there is a plain value for a placeholder."""
    try:
        _value(name, values, "")
    except UnknownPlaceholder:
        return False
    return True


def overlaid(under: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Return values of both, at every depth those of ``over`` where it has any."""
    both = {**under, **over}
    for name in under.keys() & over.keys():
        if isinstance(under[name], Mapping) and isinstance(over[name], Mapping):
            both[name] = overlaid(under[name], over[name])
    return both


def _value(name: str, values: Mapping[str, Any], where: str) -> str:
    found: Any = values
    for part in name.split("."):
        if not isinstance(found, Mapping) or part not in found:
            raise UnknownPlaceholder(name=name, where=where)
        found = found[part]
    if isinstance(found, Mapping | list):
        raise UnknownPlaceholder(name=name, where=where)
    return "" if found is None else str(found)
