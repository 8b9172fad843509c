"""Names and texts that somebody wrote in each language of the suite."""

from dataclasses import dataclass

from chassis.fields import LongText, Name, ShortText
from chassis.words import Bilingual


@dataclass(frozen=True, kw_only=True)
class Translated(Bilingual):
    """A name in Spanish and English."""

    es: Name
    en: Name


@dataclass(frozen=True, kw_only=True)
class TranslatedLine(Bilingual):
    """One line in Spanish and English."""

    es: ShortText
    en: ShortText


@dataclass(frozen=True, kw_only=True)
class TranslatedText(Bilingual):
    """A text of several lines in Spanish and English."""

    es: LongText
    en: LongText
