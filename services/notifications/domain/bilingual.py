"""Text in each language of the suite."""

from dataclasses import dataclass

from chassis.fields import LongText, ShortText


@dataclass(frozen=True, kw_only=True)
class BilingualLine:
    """One line in Spanish and English."""

    es: ShortText
    en: ShortText

    def in_(self, locale: str) -> str:
        """Return the line in ``locale``; Spanish where the language is neither of the two."""
        return self.en if locale.startswith("en") else self.es


@dataclass(frozen=True, kw_only=True)
class BilingualText:
    """A longer text in Spanish and English."""

    es: LongText
    en: LongText

    def in_(self, locale: str) -> str:
        """Return the text in ``locale``; Spanish where the language is neither of the two."""
        return self.en if locale.startswith("en") else self.es
