import uuid
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError

from chassis import fields
from chassis.field_factory import field_for
from chassis.money import Money
from chassis.vocabulary import describe


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


def load(kind, value):
    return field_for(describe(kind)).deserialize(value)


@pytest.mark.parametrize(
    ("kind", "given_", "kept"),
    [
        (fields.Name, "  Ana ", "Ana"),
        (fields.Name, "José", "José"),  # one letter with its accent beside it becomes one letter
        (fields.LongText, "a\r\nb\tc\r", "a\nb\tc"),
        (fields.ShortText, "", ""),
        (fields.Email, " Ana.Gil@EXAMPLE.Com ", "Ana.Gil@example.com"),
        (fields.Email, "ñandú@correo.españa.es", "ñandú@correo.españa.es"),
        (fields.Phone, "911 234 567", "+34911234567"),
        (fields.Phone, "+44 (0)20 7946 0018", "+442079460018"),
        (fields.Phone, "00 34 911 234 567", "+34911234567"),
        (fields.Phone, "911234567 ext. 12", "+34911234567;ext=12"),
        (fields.Url, "HTTPS://Example.COM:8080/A?b=C#d", "https://example.com:8080/A?b=C#d"),
        (fields.Url, "http://[::1]/x", "http://[::1]/x"),
        (fields.Country, "es", "ES"),
        (fields.CurrencyCode, "eur", "EUR"),
        (fields.Slug, "very-good-2", "very-good-2"),
        (fields.LocaleCode, "zh-Hant-TW", "zh-Hant-TW"),
        (fields.TimeZoneName, "Europe/Madrid", "Europe/Madrid"),
        (fields.Instant, "2026-01-31T10:30:00+01:00", datetime(2026, 1, 31, 9, 30, tzinfo=UTC)),
        (fields.Day, "2028-02-29", date(2028, 2, 29)),
        (fields.Count, 3.0, 3),
        (fields.Whole, -3, -3),
        (fields.Percentage, "12.5", Decimal("12.50")),
        (fields.Quantity, "-0.0001", Decimal("-0.0001")),
        (fields.Flag, False, False),
        (fields.Id, "01890A5D-AC96-774B-BCCE-B302099A8057", uuid.UUID("01890a5d-ac96-774b-bcce-b302099a8057")),
        (Colour, "red", Colour.RED),
        (fields.Money, {"amount": "12.5", "currency": "eur"}, Money(Decimal("12.50"), "EUR")),
        (fields.Money, {"amount": "-3", "currency": "JPY"}, Money(Decimal(-3), "JPY")),
        (fields.Money, {"amount": "0.125", "currency": "KWD"}, Money(Decimal("0.125"), "KWD")),
        (list[fields.Name], [" a"], ["a"]),
    ],
)
def test_a_good_value_is_kept_in_its_one_spelling(kind, given_, kept):
    assert load(kind, given_) == kept


@pytest.mark.parametrize(
    ("kind", "bad"),
    [
        *[
            (fields.Name, bad)
            for bad in ("", "   ", "a" * 121, 3, None, ["a"], {}, "a\nb", "a\x00b", "a\x1b", "\ud800", "\uffff")
        ],
        *[(fields.Title, bad) for bad in ("", "   ", "a" * 256, "a\nb")],
        *[(fields.LongText, bad) for bad in ("a" * 10_001, "a\x07", "\x85")],
        *[
            (fields.Email, bad)
            for bad in (
                "x",
                "a@b",
                "a@b..c",
                ".a@b.es",
                "a..b@c.es",
                "a b@c.es",
                "a@b.es\n.x",
                f"{'a' * 65}@b.es",
                "<a@b.es>",
            )
        ],
        *[(fields.Phone, bad) for bad in ("x", "1", "+999999999999999999", "91123456789012345678", "")],
        *[
            (fields.Url, bad)
            for bad in (
                "x",
                "ftp://a.es",
                "javascript:alert(1)",
                "http://",
                "http://a b",
                "http://u:p@a.es",
                "//a.es",
                "http://a.es/<script>",
            )
        ],
        *[(fields.Country, bad) for bad in ("XX", "ESP", "")],
        *[(fields.CurrencyCode, bad) for bad in ("XYZ", "EU", "XXX")],
        *[(fields.Slug, bad) for bad in ("A", "a--b", "-a", "a_b", "")],
        *[(fields.LocaleCode, bad) for bad in ("spanish", "ES", "es_ES")],
        *[(fields.TimeZoneName, bad) for bad in ("Madrid", "../etc/passwd")],
        *[
            (fields.Instant, bad)
            for bad in (
                "2026-01-31T09:30:00",
                "2026-01-31",
                "20260131T093000Z",
                "2026-02-30T00:00:00Z",
                5,
                "0001-01-01T00:00:00+14:00",
            )
        ],
        *[(fields.Day, bad) for bad in ("2026-13-01", "2026-02-30", "20260101", "31/01/2026", "2026-W01-1", 20260101)],
        *[(fields.Count, bad) for bad in (-1, 2**31, "3", True, 1.5, None, float("nan"), float("inf"))],
        *[(fields.Percentage, bad) for bad in ("-0.01", "100.01", "1.234", 12, "1e1", "NaN", "Infinity", "١٢", "")],
        *[(fields.Flag, bad) for bad in (1, 0, "true", None)],
        *[
            (fields.Id, bad)
            for bad in (
                "x",
                5,
                "{01890a5d-ac96-774b-bcce-b302099a8057}",
                "urn:uuid:01890a5d-ac96-774b-bcce-b302099a8057",
            )
        ],
        *[(Colour, bad) for bad in ("green", 1, ["red"], True)],
        *[
            (fields.Money, bad)
            for bad in (
                "12 EUR",
                {"amount": 12, "currency": "EUR"},
                {"amount": "1.234", "currency": "EUR"},
                {"amount": "1.5", "currency": "JPY"},
                {"amount": "1"},
                {"amount": "1", "currency": "EUR", "x": 1},
                {"amount": "1", "currency": ["EUR"]},
                {"amount": "999999999999999", "currency": "EUR"},
            )
        ],
        *[(list[fields.Name], bad) for bad in ("a", {}, ["a"] * 101, [None], [""])],
    ],
)
def test_a_bad_value_is_refused(kind, bad):
    with pytest.raises(ValidationError):
        load(kind, bad)


TEXTS = [
    fields.Name,
    fields.ShortText,
    fields.LongText,
    fields.Email,
    fields.Phone,
    fields.Url,
    fields.Slug,
    fields.LocaleCode,
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
ALL = [
    *TEXTS,
    fields.Country,
    fields.CurrencyCode,
    fields.TimeZoneName,
    fields.Title,
    fields.Instant,
    fields.Day,
    fields.Count,
    fields.Whole,
]
ALL += [fields.Percentage, fields.Quantity, fields.Flag, fields.Id, Colour, fields.Money, list[fields.Name]]


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: str(kind)[:40])
@given(value=JSON)
def test_whatever_json_comes_is_kept_or_refused_and_never_breaks(kind, value):
    try:
        kept = load(kind, value)
    except ValidationError:
        return
    shown = field_for(describe(kind))._serialize(kept, "", None)
    assert load(kind, shown) == kept


@pytest.mark.parametrize("kind", TEXTS, ids=lambda kind: str(kind.__metadata__[1].field.__name__))
@given(text=st.text(st.characters(codec=None), max_size=60))
def test_what_is_kept_can_be_written_as_utf8_without_control_characters(kind, text):
    try:
        kept = load(kind, text)
    except ValidationError:
        return
    kept.encode()
    assert kept == kept.strip()
    assert not any(ord(letter) < 32 and letter not in "\n\t" for letter in kept)
