"""Events as dataclasses: their names, how they travel, what readers tolerate."""

import uuid
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum

import pytest

from chassis import events
from chassis.envelope import Envelope
from chassis.events import ContactId, Event, Undecodable
from chassis.money import Money

ID = uuid.UUID("0190c6f0-7d1a-7c3e-9b1f-0123456789ab")


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line."""

    product: str
    price: Money
    buyer: ContactId | None = None


@dataclass(frozen=True, kw_only=True)
class QuoteHTTPSent(Event, source="sales"):
    """A quote was sent."""

    quote_id: uuid.UUID
    contact_id: ContactId
    total: Money
    rate: Decimal
    sent_at: datetime
    valid_until: date | None = None
    colour: Colour = Colour.RED
    lines: list[Line] = field(default_factory=list)
    tags: tuple[str, ...] = ()
    also: list[ContactId] = field(default_factory=list)


EVENT = QuoteHTTPSent(
    quote_id=ID,
    contact_id=uuid.UUID(int=1),
    total=Money(Decimal("1500.10"), "EUR"),
    rate=Decimal("0.21"),
    sent_at=datetime(2030, 1, 15, 12, tzinfo=UTC),
    valid_until=date(2030, 2, 1),
    colour=Colour.BLUE,
    lines=[Line(product="Chair", price=Money(Decimal("10.00"), "EUR"), buyer=uuid.UUID(int=2))],
    tags=("a", "b"),
    also=[uuid.UUID(int=1), uuid.UUID(int=3)],
)


def test_a_class_names_its_type():
    assert QuoteHTTPSent.type == "crm.sales.quote_http_sent.v1"
    assert events.event_class("crm.sales.quote_http_sent.v1") is QuoteHTTPSent


def test_an_event_comes_back_as_it_left():
    data = EVENT.encode()
    assert data["total"] == {"amount": "1500.10", "currency": "EUR"}
    assert data["sent_at"] == "2030-01-15T12:00:00+00:00"
    assert QuoteHTTPSent.decode(data) == EVENT


def test_unknown_keys_are_ignored_and_missing_optional_ones_take_their_default():
    data = {**EVENT.encode(), "invented_later": 1}
    del data["colour"]
    assert QuoteHTTPSent.decode(data).colour is Colour.RED


@pytest.mark.parametrize(
    ("name", "value"),
    [("quote_id", "no id"), ("total", {"amount": "x"}), ("sent_at", 5), ("lines", {}), ("colour", "green")],
)
def test_a_value_that_does_not_fit_is_refused_by_name(name, value):
    with pytest.raises(Undecodable, match=name):
        QuoteHTTPSent.decode({**EVENT.encode(), name: value})


def test_a_missing_field_is_refused_by_name():
    with pytest.raises(Undecodable, match="quote_id"):
        QuoteHTTPSent.decode({"contact_id": str(ID)})


def test_an_event_concerns_the_contacts_it_names_each_once():
    assert EVENT.concerns() == (uuid.UUID(int=1), uuid.UUID(int=2), uuid.UUID(int=3))
    assert events.concerns_contacts(QuoteHTTPSent)


def test_a_field_may_not_hide_the_name_of_the_event():
    with pytest.raises(TypeError, match="source"):

        @dataclass(frozen=True, kw_only=True)
        class LeadBorn(Event):
            source: str


def test_two_classes_may_not_declare_one_type():
    with pytest.raises(TypeError, match="declared twice"):
        type("QuoteHTTPSent", (Event,), {"__module__": "elsewhere"}, source="sales")


def test_the_schema_says_what_is_required_and_the_sample_fits():
    schema = events.json_schema(QuoteHTTPSent)
    assert schema["description"] == "A quote was sent."
    assert schema["required"] == ["quote_id", "contact_id", "total", "rate", "sent_at"]
    assert schema["properties"]["valid_until"] == {"type": ["string", "null"], "format": "date"}
    assert schema["properties"]["lines"]["items"]["required"] == ["product", "price"]
    QuoteHTTPSent.decode(events.samples_of(QuoteHTTPSent))


def test_an_envelope_comes_back_as_it_left_and_ignores_what_it_does_not_know():
    envelope = Envelope(
        id=ID,
        source="/crm/sales",
        type=EVENT.type,
        subject=f"quotes/{ID}",
        time=EVENT.sent_at,
        sequence=3,
        data=EVENT.encode(),
        caused_by=uuid.UUID(int=9),
        concerns=EVENT.concerns(),
        depth=2,
    )
    assert Envelope.from_json(envelope.to_json()) == envelope
    assert Envelope.from_dict({**envelope.to_dict(), "extra": 1}) == envelope
    assert (envelope.resource, envelope.subject_id) == ("quotes", ID)


@pytest.mark.parametrize("body", [b"", b"\xff", b"[]", b"{}", b'{"id":"x"}', b"null"])
def test_what_is_no_envelope_is_refused(body):
    with pytest.raises(Undecodable):
        Envelope.from_json(body)
