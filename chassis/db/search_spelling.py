"""What somebody meant who mistyped, on SQLite: the nearest word that the index knows."""

from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from chassis.db.search_index import fts_name

SHORTEST: Final = 4  # below that, everything is near everything
MOST_TERMS: Final = 20_000


def corrected(session: Session, table: str, words: list[str]) -> list[str] | None:
    """Return ``words`` with each unknown one replaced by the nearest known one; None where one has none."""
    meant = []
    for word in words:
        known = _nearest(session, table, word)
        if known is None:
            return None
        meant.append(known)
    return meant if meant != words else None


def _nearest(session: Session, table: str, word: str) -> str | None:
    terms = f"{fts_name(table)}_terms"
    exists = sa.text(f"SELECT term FROM {terms} WHERE term >= :word AND term < :end LIMIT 1")  # noqa: S608 - our own table name
    if session.scalar(exists, {"word": word, "end": f"{word}\uffff"}):
        return word
    if len(word) < SHORTEST:
        return None
    near = sa.text(
        f"SELECT term FROM {terms} WHERE term >= :first AND term < :end "  # noqa: S608 - our own table name
        "AND length(term) BETWEEN :shortest AND :longest LIMIT :most"
    )
    bounds = {"shortest": len(word) - 2, "longest": len(word) + 2, "most": MOST_TERMS}
    # Most slips leave the first letter alone; only where none is near, all words are looked at.
    for first, end in ((word[0], f"{word[0]}\uffff"), ("", "\uffff")):
        found = session.scalars(near, {"first": first, "end": end, **bounds}).all()
        likest = min(((distance(word, term), term) for term in found), default=(len(word), ""))
        if likest[0] <= (1 if len(word) < 6 else 2):  # noqa: PLR2004 - one slip in a short word, two in a long one
            return likest[1]
    return None


def distance(left: str, right: str) -> int:
    """Return how many letters were added, left out, changed or swapped with their neighbour."""
    if abs(len(left) - len(right)) > 2 or len(set(left) ^ set(right)) > 4:  # noqa: PLR2004 - beyond what counts as near
        return 9
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        older, before, row = before, row, [i]
        for j, b in enumerate(right, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
    return row[-1]
