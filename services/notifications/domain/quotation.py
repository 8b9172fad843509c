"""What a mail says itself, and what it quotes of earlier ones."""

import re
from typing import Final

_WROTE: Final = re.compile(
    r"(on\b.{4,200}\bwrote:|el\b.{4,200}\bescribi[óo]:|-{2,}\s*(original message|mensaje original)\s*-{2,}"
    r"|_{10,})\s*$",
    re.IGNORECASE,
)
_HEADER: Final = re.compile(r"(from|de):\s.+@", re.IGNORECASE)
_NEXT_HEADER: Final = re.compile(r"(sent|enviado|enviado el|date|fecha|to|para):\s", re.IGNORECASE)


def parted(text: str) -> tuple[str, str]:
    """Return what is new in a text and what it quotes below; an answer between quoted lines stays whole."""
    lines = text.strip().split("\n")
    start = _start(lines)
    if start is None:
        return text.strip(), ""
    new, rest = "\n".join(lines[:start]).strip(), lines[start:]
    answered_below = any(
        line.strip() and not line.lstrip().startswith(">") for line in rest[1:] if rest[0].startswith(">")
    )
    # A mail that is nothing but a quotation, or that answers line by line, is shown as it is.
    if not new or answered_below:
        return text.strip(), ""
    return new, "\n".join(rest).strip()


def _start(lines: list[str]) -> int | None:
    for number, line in enumerate(lines):
        stripped = line.strip()
        following = lines[number + 1].strip() if number + 1 < len(lines) else ""
        if stripped.startswith(">") or _WROTE.match(stripped):
            return number
        # Long addresses break the line before "wrote:".
        if _WROTE.match(f"{stripped} {following}") and stripped.lower().startswith(("on ", "el ")):
            return number
        if _HEADER.match(stripped) and _NEXT_HEADER.match(following):
            return number
    return None
