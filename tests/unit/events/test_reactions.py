"""Which events a reaction wants, how delays are named, and what travels on with a message."""

from datetime import timedelta

import pytest

from chassis.bus.delivery import Delivery
from chassis.bus.topology import Ladder, rung
from chassis.reactions import on_every
from chassis.routing_keys import fits


@pytest.mark.parametrize(
    ("pattern", "type_", "wanted"),
    [
        ("crm.#", "crm.sales.lead_qualified.v1", True),
        ("crm.sales.*.v1", "crm.sales.lead_qualified.v1", True),
        ("crm.sales.*.v1", "crm.sales.lead_qualified.v2", False),
        ("crm.sales.lead_qualified.v1", "crm.sales.lead_qualified.v1", True),
        ("crm.*.v1", "crm.sales.lead_qualified.v1", False),
    ],
)
def test_patterns_mean_what_the_broker_means_by_them(pattern, type_, wanted):
    assert fits(pattern, type_) is wanted


def test_a_reaction_with_the_wrong_parameters_is_refused_where_it_is_declared():
    with pytest.raises(TypeError, match="uow, event, envelope"):

        @on_every("crm.#")
        def listen(envelope):
            pass


def test_rungs_of_the_ladder_are_named_after_their_delay():
    assert Ladder().names() == ["retry.1s", "retry.5s", "retry.30s", "retry.5m", "retry.1h"]
    assert rung(timedelta(milliseconds=250)) == "retry.250ms"


def test_the_brokers_own_records_do_not_travel_on():
    headers = {"x-death": [{"count": 3}], "x-delivery-count": 2, "x-trato-attempt": 1, "x-trato-error": "old"}
    delivery = Delivery(b"", 1, properties={"message_id": "m", "delivery_mode": 2}, headers=headers)
    passed = delivery.passed_on(**{"x-trato-attempt": 2})
    assert passed == {"message_id": "m", "application_headers": {"x-trato-attempt": 2, "x-trato-error": "old"}}
    assert delivery.afresh() == {"message_id": "m", "application_headers": {}}
