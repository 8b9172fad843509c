"""How alike two names are, as a number between 0 and 1."""

from typing import Final

ALIKE: Final = 0.9


def similarity(one: str, other: str) -> float:
    """Return 1.0 for the same words in any order, 0.0 for nothing in common.

    Twice the length of the longest common subsequence, divided by both lengths: one wrong letter
    in eleven still counts as alike. Expects names in their compare form.
    """
    return max(_ratio(one, other), _ratio(_sorted(one), _sorted(other)))


def alike(one: str, other: str) -> bool:
    """Whether two names may well be the same name with a slip of the pen."""
    total = len(one) + len(other)
    # The ratio cannot reach the bound when the lengths differ too much; no need to look closer.
    if not total or 2 * min(len(one), len(other)) < ALIKE * total:
        return False
    return similarity(one, other) >= ALIKE


def _sorted(name: str) -> str:
    return " ".join(sorted(name.split()))


def _ratio(one: str, other: str) -> float:
    total = len(one) + len(other)
    return 2 * _common_subsequence(one, other) / total if total else 1.0


def _common_subsequence(one: str, other: str) -> int:
    """Return the length of the longest common subsequence (Hyyrö's bit-parallel algorithm)."""
    places: dict[str, int] = {}
    for index, sign in enumerate(one):
        places[sign] = places.get(sign, 0) | 1 << index
    everything = (1 << len(one)) - 1
    row = everything
    for sign in other:
        matches = row & places.get(sign, 0)
        row = (row + matches) | (row - matches)
    return len(one) - (row & everything).bit_count()
