import json
import uuid
from datetime import UTC, datetime, timedelta

import pytest

from chassis.envelope import Envelope, EventActor
from trato_events import Actor, Event, NotAnEvent


def test_what_the_suite_writes_is_read_to_the_last_field():
    person, cause = uuid.uuid4(), uuid.uuid4()
    written = Envelope(
        id=uuid.uuid4(),
        source="/crm/sales",
        type="crm.sales.lead_qualified.v2",
        subject="leads/17",
        time=datetime(2030, 1, 15, 12, 30, 0, 417, tzinfo=UTC),
        sequence=4,
        data={"title": "Ñandú"},
        correlation_id="c",
        caused_by=cause,
        actor=EventActor(person, "Ana", "user"),
        owner=person,
        group=cause,
        concerns=(person,),
        traceparent="00-1-2-01",
        depth=2,
    )
    event = Event.from_json(written.to_json(), cursor=9)
    assert event == Event(
        id=str(written.id),
        source="/crm/sales",
        type="crm.sales.lead_qualified.v2",
        subject="leads/17",
        time=written.time,
        sequence=4,
        data={"title": "Ñandú"},
        correlation_id="c",
        caused_by=str(cause),
        actor=Actor(str(person), "Ana", "user"),
        owner=str(person),
        group=str(cause),
        concerns=(str(person),),
        traceparent="00-1-2-01",
        depth=2,
        cursor=9,
    )
    assert event.raw == written.to_dict()
    assert (event.service, event.topic, event.version) == ("sales", "lead_qualified", 2)
    assert (event.resource, event.subject_id) == ("leads", "17")


def the_least(**changes):
    return {
        "id": "e", "source": "s", "type": "crm.a.b.v1", "subject": "t/1", "time": "2030-01-15T12:00:00Z",
        "sequence": 1, "data": {}, **changes,
    }  # fmt: skip


def test_unknown_keys_are_kept_aside_and_missing_ones_have_defaults():
    event = Event.from_json(json.dumps(the_least(novelty=1)))
    assert event.raw["novelty"] == 1
    assert (event.actor.kind, event.concerns, event.caused_by) == ("system", (), None)
    assert event.time.utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    "body",
    [
        b"\xff", b"", b"[]", b"1", json.dumps({"id": "e"}), json.dumps(the_least(data=[])),
        json.dumps(the_least(type="crm.a.b")), json.dumps(the_least(type="crm.a.b.vx")),
        json.dumps(the_least(time="yesterday")), json.dumps(the_least(sequence=None)), json.dumps(the_least(actor="x")),
    ],
)  # fmt: skip
def test_what_is_no_event_is_said_to_be_none(body):
    with pytest.raises(NotAnEvent):
        Event.from_json(body)
