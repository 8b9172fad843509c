"""What is said in either language of the suite, whoever reads it."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Self


class Bilingual:
    """Something with a Spanish and an English wording."""

    es: str
    en: str

    def in_(self, locale: str) -> str:
        """Return the wording in ``locale``; Spanish where the language is neither of the two."""
        return self.en if locale.startswith("en") else self.es


class Word(Bilingual):
    """A word of ours."""

    def __init__(self, *, es: str, en: str) -> None:
        self.es, self.en = es, en


def listed(parts: Iterable[str | Bilingual]) -> Bilingual:
    """Return the parts behind each other, those that have a name only as they are."""
    said = [part if isinstance(part, Bilingual) else Word(es=part, en=part) for part in parts]
    return Word(es=", ".join(each.es for each in said), en=", ".join(each.en for each in said))


class Worded(Bilingual, StrEnum):
    """A choice whose members a person reads too: ``BEST_CASE = "best_case", "mejor caso"``.

    The value is what the API says; the English word is the value with spaces for its hyphens and underscores.
    """

    _value_: str

    def __new__(cls, value: str, es: str = "") -> Self:
        """Make a member of its value and its Spanish word; ``Kind(value)`` finds one and needs no word."""
        member = str.__new__(cls, value)
        member._value_, member.es, member.en = value, es, value.replace("_", " ").replace("-", " ")
        return member
