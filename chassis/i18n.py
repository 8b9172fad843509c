"""Which language a person reads, and the sentence in that language."""

from collections.abc import Mapping
from typing import Final

LOCALES: Final = ("es", "en")


def negotiate(accept_language: str | None, default: str = "es") -> str:
    """Return the locale, one of ``LOCALES``, that an Accept-Language header likes best."""
    best, best_quality = default, 0.0
    for item in (accept_language or "").split(","):
        tag, _, parameters = item.partition(";")
        locale = supported(tag)
        if tag.strip() == "*":
            locale = default
        quality = _quality(parameters)
        # Ties keep the first named, which is what browsers mean by order.
        if locale is not None and quality > best_quality:
            best, best_quality = locale, quality
    return best


def supported(tag: str | None) -> str | None:
    """Return the locale for a language tag such as ``es-MX``, or ``None``."""
    language = (tag or "").strip().replace("_", "-").partition("-")[0].lower()
    return language if language in LOCALES else None


def choose(sentences: Mapping[str, str], locale: str | None) -> str:
    """Return the sentence in the person's locale; English where there is none."""
    wanted = supported(locale)
    return sentences[wanted] if wanted is not None and wanted in sentences else sentences["en"]


def _quality(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return min(1.0, max(0.0, float(value)))
    except ValueError:
        return 0.0
