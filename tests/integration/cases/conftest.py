import pytest

from chassis.clock import stopped
from tests.factories import cases as make


@pytest.fixture
def cases(run_service):
    """The cases service on an empty database."""
    return run_service("cases")


@pytest.fixture
def madrid(cases):
    return cases.ask("create_calendar", data=make.calendar_data()).body


@pytest.fixture
def standard(cases, madrid):
    """The default policy: first response 4 h, resolution 8 h of working time in Madrid; urgent 1 h and 4 h."""
    return cases.ask("create_sla_policy", data=make.policy_data()).body


@pytest.fixture
def workflow(cases):
    return cases.ask("create_workflow", data=make.workflow_data()).body


@pytest.fixture
def clock():
    """The time, stopped on Monday 2 March 2026 at 9:00 in Madrid."""
    with stopped(make.at("2026-03-02 09:00")) as handle:
        yield handle


@pytest.fixture
def case(cases, standard, workflow, clock):
    """A case with clocks: first response until 13:00, resolution until 18:00."""
    return cases.ask("create_case", data=make.case_data()).body


@pytest.fixture
def fire(cases):
    """Have the timers fire that are due; returns how many did."""

    def now():
        from chassis.bus.scheduler import Scheduler
        from chassis.ops import discovery
        from chassis.timers import Timers

        found = discovery.load("cases")
        scheduler = Scheduler("cases", cases.database, found.metadata, Timers.declared_in(found.handlers))
        fired = total = scheduler.fire_due()
        while fired:
            fired = scheduler.fire_due()
            total += fired
        return total

    return now


@pytest.fixture
def happened(cases):
    """What cases told, without the ways of its configuration: ``topic`` and data of each event."""

    def since(*topics):
        told = [(each.type.split(".")[2], each.data) for each in cases.told()]
        return [(topic, data) for topic, data in told if not topics or topic in topics]

    return since


@pytest.fixture
def monday(cases, madrid, workflow, clock):
    """A calendar and a workflow, and Monday at nine; no policy yet. Gives the clock."""
    return clock
