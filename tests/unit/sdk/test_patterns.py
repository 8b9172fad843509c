import pytest

from chassis.routing_keys import fits as fits_in_the_suite
from trato_events.patterns import fits, has_all_of, routing_keys

TYPES = [
    "crm.sales.lead_created.v1",
    "crm.sales.lead_created.v2",
    "crm.sales.quote_sent.v1",
    "crm.cases.case_created.v1",
]


@pytest.mark.parametrize(
    ("pattern", "fitting"),
    [
        ("crm.sales.*", TYPES[:3]),
        ("crm.sales.lead_created", TYPES[:2]),
        ("crm.sales.lead_created.v1", TYPES[:1]),
        ("crm.*.*", TYPES),
        ("crm.*.*.v1", [TYPES[0], *TYPES[2:]]),
        ("crm.cases.#", TYPES[3:]),
        ("crm.#", TYPES),
        ("#", TYPES),
        ("#.v2", TYPES[1:2]),
        ("crm.#.lead_created.#", TYPES[:2]),
    ],
)
def test_a_pattern_fits_what_the_broker_would_give_it(pattern, fitting):
    [key] = routing_keys(pattern)
    assert [type_ for type_ in TYPES if fits(key, type_)] == fitting


@pytest.mark.parametrize(
    "pattern", ["", "crm.sales", "crm", "crm..x", "crm.Sales.*", "crm.sales.lead_*", "a.b.c.d.e", "*"]
)
def test_a_pattern_that_can_fit_nothing_is_refused(pattern):
    with pytest.raises(ValueError, match=r"fits no event|no pattern"):
        routing_keys(pattern)


def test_no_pattern_at_all_is_refused():
    with pytest.raises(ValueError, match="at least one"):
        routing_keys([])


def test_the_suite_reads_keys_alike():
    for key in ("crm.sales.*.*", "crm.sales.lead_created.*", "crm.*.*.v1", "crm.#"):
        assert [fits(key, type_) for type_ in TYPES] == [fits_in_the_suite(key, type_) for type_ in TYPES]


@pytest.mark.parametrize(
    ("patterns", "covers"),
    [("crm.sales.*", True), ("crm.#", True), ("#", True), ("crm.*.*", True), ("crm.sales.#", True),
     ("crm.sales.*.v1", False), ("crm.sales.lead_created", False), ("crm.cases.*", False),
     (["crm.cases.*", "crm.sales.*"], True)],
)  # fmt: skip
def test_only_who_hears_a_whole_service_can_miss_something(patterns, covers):
    assert has_all_of(routing_keys(patterns), "sales") is covers
