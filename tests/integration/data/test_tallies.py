"""What is counted for operations is what was committed."""

from dataclasses import dataclass

import pytest
from prometheus_client import REGISTRY

from chassis.events import Event
from chassis.tallies import Tally
from tests.integration.data.sample import person


@dataclass(frozen=True, kw_only=True)
class PersonGreeted(Event, source="tallied"):
    """Somebody was greeted."""

    tone: str


@dataclass(frozen=True, kw_only=True)
class PersonIgnored(Event, source="tallied"):
    """Somebody was not."""


greetings = Tally(
    "trato_sample_greetings",
    "People greeted, by tone.",
    {PersonGreeted: lambda event: (event.tone,), PersonIgnored: lambda _: ("none",)},
    tone=("warm", "cold", "none"),
)


def counted(tone):
    return REGISTRY.get_sample_value("trato_sample_greetings_total", {"tone": tone})


def greeted(tone):
    found = person()
    found.record(PersonGreeted(tone=tone))
    return found


def greet_and_fail(uow):
    uow.add(greeted("warm"))
    uow.flush()
    raise RuntimeError


@pytest.fixture
def before():
    return {tone: counted(tone) for tone in ("warm", "cold", "none")}


def test_every_series_is_there_before_anything_happened():
    assert None not in {counted(tone) for tone in ("warm", "cold", "none")}


def test_what_was_told_is_counted_once_when_it_is_committed(work, before):
    with work() as uow:
        uow.add(greeted("warm"))
        uow.flush()
        uow.add(greeted("warm"))
        uow.flush()
        assert counted("warm") == before["warm"]
    assert counted("warm") == before["warm"] + 2


def test_what_was_rolled_back_is_not_counted(work, before):
    with pytest.raises(RuntimeError), work() as uow:
        greet_and_fail(uow)
    with work() as uow:
        uow.add(greeted("cold"))
    assert (counted("warm"), counted("cold")) == (before["warm"], before["cold"] + 1)


def test_what_a_savepoint_undid_is_not_counted_and_the_rest_is(work, before):
    with work() as uow:
        with pytest.raises(RuntimeError), uow.savepoint():
            greet_and_fail(uow)
        with uow.savepoint():
            uow.add(greeted("cold"))
        uow.add(greeted("warm"))
    assert (counted("warm"), counted("cold")) == (before["warm"] + 1, before["cold"] + 1)


def test_several_kinds_of_events_may_stand_in_one_counter(work, before):
    with work() as uow:
        found = uow.add(greeted("warm"))
        found.record(PersonIgnored())
    assert (counted("warm"), counted("none")) == (before["warm"] + 1, before["none"] + 1)


def test_a_value_that_nobody_declared_adds_no_series_of_its_own(work):
    with work() as uow:
        uow.add(greeted("sarcastic"))
    assert counted("sarcastic") is None
    assert counted("other") >= 1
