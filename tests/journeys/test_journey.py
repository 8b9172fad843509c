"""One customer's story through all services, played through public HTTP, mail and events."""

from functools import partial

import pytest

from tests.journeys.blows import Blow, StruckApi
from tests.journeys.conftest import RESOLUTION_SECONDS
from tools.journey.steps import STEPS, play

pytestmark = [pytest.mark.slow, pytest.mark.broker, pytest.mark.timeout(900)]

# Each part dies in a step that cannot do without it; the clocks of step 9 run out while nobody is there to notice.
EVERY_PART_DIES = [
    Blow(2, "gateway", request=2),
    Blow(3, "administration"),
    Blow(5, "contacts", request=20),
    Blow(6, "sales", request=6),
    Blow(9, "cases", request=3, down=RESOLUTION_SECONDS),
    Blow(10, "notifications"),
]
THE_BROKER_DIES = [
    Blow(5, "broker", request=20, orderly=True),
    Blow(9, "broker", request=3),
]


def played(world, blows):
    """Play a story while parts of the stack die; returns what was seen of it."""
    story = world.story(partial(StruckApi, stack=world.stack, blows=blows))
    told = []
    play(story, before=story.api.at_step, after=lambda number, _step, seen: told.append((number, seen)))
    story.api.all_are_back()
    assert sorted(story.api.dealt, key=blows.index) == blows
    assert story.api.repeated or not blows, "nobody was asked while something was dead"
    return told


def is_whole(told):
    return [number for number, _ in told] == list(range(1, len(STEPS) + 1)) and all(seen for _, seen in told)


@pytest.mark.parametrize("world", ["sqlite"], indirect=True)
def test_the_story_is_told_to_its_end(world):
    assert is_whole(played(world, []))


@pytest.mark.postgres
@pytest.mark.parametrize("world", ["postgresql"], indirect=True)
def test_the_story_ends_alike_when_every_part_is_killed_once(world):
    assert is_whole(played(world, EVERY_PART_DIES))


@pytest.mark.parametrize("world", ["sqlite"], indirect=True)
def test_the_story_ends_alike_when_the_broker_stops_and_dies(world):
    assert is_whole(played(world, THE_BROKER_DIES))
