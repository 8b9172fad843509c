"""A template: what a message says, in two languages, with places for what differs from one to the next."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from chassis.db.json_values import JsonDocument
from chassis.fields import Flag, Logged, LongText, Name, ShortText, Slug, value
from chassis.model import Aggregate, Mapped, column
from chassis.translated import TranslatedLine, TranslatedText
from services.notifications.domain import placeholders
from services.notifications.domain.base import Model


@dataclass(frozen=True, kw_only=True)
class Rendered:
    """A template with its values in place; ``html`` is null where the template has none."""

    subject: ShortText
    text: LongText
    html: LongText | None


@dataclass(frozen=True, kw_only=True)
class TemplatePreview(Rendered):
    """What a message would say; ``from_sample`` names the placeholders for which only the sample data had a value."""

    from_sample: list[ShortText]


class Template(Aggregate, Model):
    """``sample`` declares which values there are, by an example; a placeholder for anything else is refused."""

    __tablename__ = "templates"
    resource: ClassVar = "templates"
    search_fields: ClassVar = ("name", "slug")

    slug: Mapped[Slug] = column(unique=True)
    name: Mapped[Name]
    subject: Mapped[Logged[TranslatedLine]] = value(TranslatedLine)
    text: Mapped[Logged[TranslatedText]] = value(TranslatedText)
    html: Mapped[Logged[TranslatedText] | None] = value(TranslatedText)
    sample: Mapped[dict[str, Any]] = column(JsonDocument, default=dict)
    active: Mapped[Logged[Flag]] = column(default=True)

    def check(self, known: Mapping[str, Any] | None = None) -> None:
        """Raise ``UnknownPlaceholder`` or ``BrokenPlaceholder``, naming it and where it stands.

        ``known`` are the values that there will be, where that is not for the sample data to say.
        """
        sample = self.sample if known is None else known
        for part, both in (("subject", self.subject), ("text", self.text), ("html", self.html)):
            for locale in ("es", "en"):
                if both is not None:
                    placeholders.check(both.in_(locale), sample, f"{part}.{locale}")

    def shown(
        self, locale: str, *, record: Mapping[str, Any] | None, values: Mapping[str, Any] | None
    ) -> TemplatePreview:
        """Return what a message would say of a record, of these values, or else of the sample data.

        A record lacks what is not its own (the text of a reply): there the sample data stand. Values without a record
        stand alone. Raises ``UnknownPlaceholder``.
        """
        real = placeholders.overlaid(record or {}, values or {})
        known = placeholders.overlaid(self.sample, real) if values is None or record is not None else values
        rendered = self.rendered(known, locale)
        asked = {name for part in self._parts(locale) for name in placeholders.names(part)}
        sampled = sorted(name for name in asked if not placeholders.has(name, real))
        return TemplatePreview(subject=rendered.subject, text=rendered.text, html=rendered.html, from_sample=sampled)

    def _parts(self, locale: str) -> list[str]:
        return [both.in_(locale) for both in (self.subject, self.text, self.html) if both is not None]

    def rendered(self, values: Mapping[str, Any], locale: str) -> Rendered:
        """Return what a message says with these values. Raises ``UnknownPlaceholder``."""
        subject = placeholders.filled(self.subject.in_(locale), values, where="subject")
        html = self.html and placeholders.filled(self.html.in_(locale), values, where="html", markup=True)
        return Rendered(
            # A subject is one line, whatever the values hold.
            subject=" ".join(subject.split())[:255],
            text=placeholders.filled(self.text.in_(locale), values, where="text"),
            html=html or None,
        )
