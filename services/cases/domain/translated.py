"""Names and texts in each language of the suite."""

from dataclasses import dataclass

from chassis.fields import LongText, Name


@dataclass(frozen=True, kw_only=True)
class Translated:
    """A name in Spanish and English."""

    es: Name
    en: Name

    def in_(self, locale: str) -> str:
        """Return the name in ``locale``; Spanish where the language is neither of the two."""
        return self.en if locale.startswith("en") else self.es


@dataclass(frozen=True, kw_only=True)
class TranslatedText:
    """A text of several lines in Spanish and English."""

    es: LongText
    en: LongText

    def in_(self, locale: str) -> str:
        """Return the text in ``locale``; Spanish where the language is neither of the two."""
        return self.en if locale.startswith("en") else self.es
