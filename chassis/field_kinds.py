"""Kinds of text from outside: how each is checked, tidied and described."""

# ruff: noqa: ARG002 - marshmallow's own signatures

import functools
import re
import unicodedata
import zoneinfo
from collections.abc import Mapping
from typing import Any, ClassVar, Final

from marshmallow import ValidationError, fields

from chassis import settings
from chassis.field_messages import sentence
from chassis.iso_codes import COUNTRIES, CURRENCIES

# Control characters, lone surrogates and non-characters: PostgreSQL refuses some, screens break on others.
_UNPRINTABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_LINE_BREAK: Final = re.compile("[\n\r\t]")
_EMAIL: Final = re.compile(
    r"[^\s@<>()\[\]\\,;:\"\x00-\x20]{1,64}@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_][\w-]{0,61}[^\W_]"
)
_URL: Final = re.compile(
    r"https?://(?:[^\s/?#@:\[\]]+|\[[0-9a-f:.]+\])(?::\d{1,5})?(?:[/?#][^\s<>\"{}|\\^`]*)?", re.IGNORECASE
)
_SLUG: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LOCALE: Final = re.compile(r"[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-(?:[A-Z]{2}|\d{3}))?")


def failure(key: str, **params: object) -> ValidationError:
    """Return the error that says ``key`` of ``field_messages.SENTENCES``."""
    return ValidationError(sentence(key, **params))


class _Speaks:
    """A field whose own sentences, required and null, exist in both languages."""

    def make_error(self, key: str, **kwargs: object) -> ValidationError:
        """Say ``required`` and ``null`` in our words; whatever else is wrong is an invalid value."""
        return failure(key if key in {"required", "null"} else "invalid", **kwargs)


class Facts(_Speaks):
    """What a field says about itself in OpenAPI, through marshmallow's ``metadata``."""

    facts: ClassVar[Mapping[str, object]] = {}

    def __init__(self, *args: Any, facts: Mapping[str, object] | None = None, **kwargs: Any) -> None:
        known = {**self.facts, **(facts or {}), **(kwargs.pop("metadata", None) or {})}
        super().__init__(*args, metadata=known, **kwargs)  # type: ignore[call-arg]  # it stands before a field


class TextField(Facts, fields.String):
    """Text in Unicode NFC without spaces at its ends; lines only where ``lines`` says so."""

    def __init__(self, *, least: int = 0, most: int = 255, lines: bool = False, **kwargs: Any) -> None:
        self.least, self.most, self.lines = least, most, lines
        facts: dict[str, object] = {"maxLength": most, **({"minLength": least} if least else {})}
        super().__init__(facts={**facts, **kwargs.pop("facts", {})}, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if not isinstance(value, str):
            raise failure("text")
        return self.tidy(self._printable(value))

    def _printable(self, value: str) -> str:
        if not value.isascii() or not value.isprintable():
            value = value.replace("\r\n", "\n").replace("\r", "\n") if self.lines else value
            if _UNPRINTABLE.search(value) or (not self.lines and _LINE_BREAK.search(value)):
                raise failure("control_characters")
            value = unicodedata.normalize("NFC", value)
        value = value.strip()
        if len(value) > self.most:
            raise failure("too_long", max=self.most)
        if len(value) < self.least:
            raise failure("blank") if not value else failure("too_short", min=self.least)
        return value

    def tidy(self, value: str) -> str:
        """Return ``value`` in its one canonical spelling. Raise a field error where it is not of this kind."""
        return value


class EmailField(TextField):
    """An e-mail address; the part after the @ is lower-cased, the part before it belongs to its owner."""

    facts: ClassVar = {"format": "email"}

    def tidy(self, value: str) -> str:
        """Lower-case the domain."""
        local, _, domain = value.rpartition("@")
        if not _EMAIL.fullmatch(value) or local.startswith(".") or local.endswith(".") or ".." in local:
            raise failure("email")
        return f"{local}@{domain.lower()}"


class PhoneField(TextField):
    """A telephone number in E.164; a national number is read with the default country of the settings."""

    facts: ClassVar = {"example": "+34911234567"}

    def tidy(self, value: str) -> str:
        """Return the number as ``+`` and digits, an extension behind ``;ext=`` (RFC 3966)."""
        # The tables of numbers are large; a process that never sees a number does not load them.
        import phonenumbers

        try:
            number = phonenumbers.parse(value, _default_country())
        except phonenumbers.NumberParseException:
            raise failure("phone") from None
        if not phonenumbers.is_possible_number(number):
            raise failure("phone")
        canonical: str = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        return f"{canonical};ext={number.extension}" if number.extension else canonical


class UrlField(TextField):
    """A web address, http or https; scheme and host are lower-cased."""

    facts: ClassVar = {"format": "uri", "pattern": "^[Hh][Tt][Tt][Pp][Ss]?://"}

    def tidy(self, value: str) -> str:
        """Lower-case scheme and host."""
        if not _URL.fullmatch(value):
            raise failure("url")
        scheme, _, rest = value.partition("://")
        host = re.split("[/?#]", rest, maxsplit=1)[0]
        return f"{scheme.lower()}://{host.lower()}{rest[len(host) :]}"


class CodeField(TextField):
    """One of a closed list of codes, read in any case."""

    codes: ClassVar[frozenset[str]]
    complaint: ClassVar[str]

    def tidy(self, value: str) -> str:
        """Return the code in capitals."""
        code = value.upper()
        if code not in self.codes:
            raise failure(self.complaint)
        return code


class CountryField(CodeField):
    """A country, ISO 3166-1 alpha-2."""

    codes, complaint = COUNTRIES, "country"
    facts: ClassVar = {"pattern": "^[A-Za-z]{2}$", "example": "ES"}


class CurrencyField(CodeField):
    """A currency, ISO 4217."""

    codes, complaint = CURRENCIES, "currency"
    facts: ClassVar = {"pattern": "^[A-Za-z]{3}$", "example": "EUR"}


class SlugField(TextField):
    """A short name for machines, which never changes once published."""

    facts: ClassVar = {"pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"}

    def tidy(self, value: str) -> str:
        """Check the alphabet; nothing is changed."""
        if not _SLUG.fullmatch(value):
            raise failure("slug")
        return value


class LocaleField(TextField):
    """A language tag, BCP 47 in its common form: es, en-GB, zh-Hant-TW."""

    facts: ClassVar = {"pattern": _LOCALE.pattern.join("^$"), "example": "es"}

    def tidy(self, value: str) -> str:
        """Check the form; nothing is changed."""
        if not _LOCALE.fullmatch(value):
            raise failure("locale")
        return value


class TimeZoneField(TextField):
    """A time zone by its IANA name."""

    facts: ClassVar = {"example": "Europe/Madrid"}

    def tidy(self, value: str) -> str:
        """Check that the zone exists; nothing is changed."""
        if value not in _time_zones():
            raise failure("time_zone")
        return value


@functools.cache
def _time_zones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())


@functools.cache
def _default_country() -> str:
    return settings.load().default_country
