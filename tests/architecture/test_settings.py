"""Every setting that administration offers changes something."""

from pathlib import Path

import pytest

from chassis.parameters import Parameter
from contracts import parameters
from services.administration.domain.parameter_catalogue import CATALOGUE

SERVICES = Path(__file__).resolve().parents[2] / "services"
FOLLOWED = {each.key: name for name, each in vars(parameters).items() if isinstance(each, Parameter)}


def code():
    """Yield the text of every module of a service but for the catalogue itself and migrations."""
    for path in SERVICES.rglob("*.py"):
        if path.name != "parameter_catalogue.py" and "migrations" not in path.parts:
            yield path.read_text(encoding="utf-8")


@pytest.mark.parametrize("key", CATALOGUE)
def test_a_setting_is_asked_for_where_it_matters(key):
    wanted = FOLLOWED.get(key, f'"{key}"')
    assert any(wanted in text for text in code()), f"{key} changes nothing: follow it, or take it out of the catalogue"


def test_what_services_follow_can_be_set():
    assert FOLLOWED.keys() <= CATALOGUE.keys()
