from datetime import UTC, date, datetime, timedelta

import pytest

from tests.unit.sdk.an_event import an_event
from trato_events.account import Account
from trato_events.gaps import gap_before
from trato_events.progress import Progress
from trato_events.starting import Reading

NOON = datetime(2030, 1, 15, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "reading"),
    [
        ("first", Reading("first")),
        ("now", Reading("next")),
        (17, Reading(17)),
        ("17", Reading(17)),
        (NOON, Reading(NOON - timedelta(minutes=5), NOON)),
        (NOON.replace(tzinfo=None), Reading(NOON - timedelta(minutes=5), NOON)),
        ("2030-01-15T13:00:00+01:00", Reading(NOON - timedelta(minutes=5), NOON)),
        (date(2030, 1, 15), Reading(NOON - timedelta(hours=12, minutes=5), NOON - timedelta(hours=12))),
    ],
)
def test_reading_starts_where_it_is_told_and_a_store_keeps_the_place(start, reading):
    assert Reading.at(start) == reading
    assert Reading.from_word(reading.to_word()) == reading
    assert Reading.from_word(reading.moved(5).to_word()) == Reading(5, reading.since)


@pytest.mark.parametrize("start", [-1, True, "yesterday", ""])
def test_what_is_no_start_is_refused(start):
    with pytest.raises(ValueError):
        Reading.at(start)


def test_a_date_takes_what_happened_from_then_on():
    assert Reading.at(NOON).takes(an_event())
    assert not Reading.at(NOON + timedelta(seconds=1)).takes(an_event())


def test_the_place_to_go_on_from_is_the_first_that_is_not_done():
    progress = Progress(Reading("first"))
    assert progress.begin() == Reading("first")
    assert progress.place == Reading("first")
    for cursor, wanted in ((3, True), (4, False), (5, True), (6, False)):
        progress.read(cursor, wanted=wanted)
    assert progress.place == Reading(3)
    progress.done(3)
    assert progress.place == Reading(5)
    progress.done(5)
    assert progress.place == Reading(7)


def test_the_history_is_behind_us_when_its_end_is_reached_and_all_of_it_done():
    progress = Progress(Reading("first"))
    progress.begin()
    progress.read(3, wanted=True)
    progress.at_end()
    assert progress.place == Reading(3)
    assert progress.begin() == Reading(3), "after a break, what was not done is read again"
    progress.read(3, wanted=True)
    progress.at_end()
    progress.done(3)
    assert progress.place is None
    assert progress.begin() is None
    assert Progress(None).begin() is None


def test_a_hole_is_seen_only_where_something_is_known():
    assert gap_before(an_event(sequence=9), None) is None
    assert gap_before(an_event(sequence=9), 8) is None
    assert gap_before(an_event(sequence=3), 8) is None
    gap = gap_before(an_event(sequence=9), 6)
    assert (gap.subject, gap.expected, gap.found) == ("leads/1", 7, 9)
    assert str(gap) == "2 event(s) of leads/1 are missing before e1: #7 was next"


def test_an_account_is_given_or_read_from_the_environment(monkeypatch):
    monkeypatch.delenv("TRATO_EVENTS_NAME", raising=False)
    monkeypatch.setenv("TRATO_EVENTS_URL", "amqp://billing:p%40ss@host:5672/trato")
    assert Account.of() == Account("amqp://billing:p%40ss@host:5672/trato", "billing")
    assert Account.of(name="billing.reports").name == "billing.reports"
    monkeypatch.setenv("TRATO_EVENTS_NAME", "billing.other")
    assert Account.of().name == "billing.other"
    assert Account.of("amqps://x:y@h/v", "x").url == "amqps://x:y@h/v"
    assert "p%40ss" not in repr(Account.of())
    for url in ("http://host", "amqp://", ""):
        monkeypatch.setenv("TRATO_EVENTS_URL", url)
        with pytest.raises(ValueError, match="TRATO_EVENTS_URL"):
            Account.of()
    with pytest.raises(ValueError, match="cannot name"):
        Account.of("amqp://u:p@h/v", "No Good")
