import pytest

from services.notifications.domain.event_pattern import EventFilter, check_filters, check_patterns, wanted
from services.notifications.errors import NoSuchMember, NotAnEventPattern

EVENT = {
    "type": "crm.sales.lead_assigned.v1",
    "owner": "7",
    "actor": {"id": None, "kind": "user"},
    "data": {"stage": {"slug": "new"}, "tags": ["vip", "es"], "urgent": True, "amount": None},
}


@pytest.mark.parametrize("pattern", ["crm.#", "crm.sales.*.v1", "crm.sales.lead_assigned.*", "crm.*.lead_assigned.v1"])
def test_a_pattern_fits_as_on_the_broker(pattern):
    assert wanted([pattern], [], EVENT)
    assert not wanted(["crm.cases.#", "crm.sales.*"], [], EVENT)


@pytest.mark.parametrize(
    ("member", "values", "holds"),
    [
        ("data.stage.slug", ["new", "won"], True),
        ("data.stage.slug", ["won"], False),
        ("data.tags", ["es"], True),
        ("data.urgent", ["true"], True),
        ("data.amount", [""], True),
        ("data.nothing.at.all", ["x"], False),
        ("owner", ["7"], True),
        ("actor.kind", ["system"], False),
    ],
)
def test_a_condition_looks_into_the_event(member, values, holds):
    assert wanted(["crm.#"], [EventFilter(member=member, values=values)], EVENT) is holds


@pytest.mark.parametrize("pattern", ["sales.#", "crm", "crm.Sales.#", "crm..x", "crm.sales.lead_assigned.v1 "])
def test_what_is_no_pattern_is_refused(pattern):
    with pytest.raises(NotAnEventPattern):
        check_patterns([pattern])


@pytest.mark.parametrize("member", ["id", "data", "data.", "actor.name", "traceparent"])
def test_what_no_event_says_is_no_condition(member):
    with pytest.raises(NoSuchMember):
        check_filters([EventFilter(member=member, values=["x"])])
