import pytest

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
