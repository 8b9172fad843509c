"""The launcher speaks Spanish or English; both sentences stand side by side where they are said."""

import functools
import os


@functools.cache
def in_spanish() -> bool:
    """Whether the terminal's language is Spanish."""
    chosen = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return chosen.lower().startswith("es")


def tr(english: str, spanish: str) -> str:
    """Return the sentence in the terminal's language."""
    return spanish if in_spanish() else english
