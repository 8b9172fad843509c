"""What a program of another department is promised, on a real broker that is stopped, with programs that are killed."""

import signal

import pika
import pytest

from tests.broker.sdk.department import until
from trato_events import parking, topology
from trato_events.account import Account

pytestmark = [pytest.mark.broker]


def everything(teller):
    return f"crm.{teller.service}.*"


def ids(events):
    return [str(event.id) for event in events]


def test_a_program_hears_what_it_asked_for_in_every_version_and_nothing_else(department, teller):
    department.start(f"crm.{teller.service}.thing_done")
    department.connected()
    wanted = teller.tell(3) + teller.tell(topic="thing_done", version=2)
    teller.tell(2, topic="something_else")
    last = teller.tell(topic="thing_done")
    department.hears(last)
    assert department.heard() == ids(wanted + last)


def test_what_was_told_while_the_program_was_away_waits_for_it(department, teller):
    first = department.start(everything(teller))
    department.connected()
    before = teller.tell()
    department.hears(before)
    assert department.stop(first) == 0
    assert department.lines()[-1] == "stopped"
    meanwhile = teller.tell(5)
    department.start(everything(teller))
    department.hears(meanwhile)
    assert department.heard() == ids(before + meanwhile)


def test_a_killed_program_goes_on_where_it_was_without_repeating_what_its_store_knows(department, teller, tmp_path):
    options = {"store": str(tmp_path / "store.sqlite3")}
    events = []
    for times in range(1, 4):
        one = department.start(everything(teller), **options)
        department.connected(times)
        events += teller.tell(40, subject="things/one")
        department.hears(events[: len(events) - 20])
        department.stop(one, signal.SIGKILL)
    department.start(everything(teller), **options)
    department.hears(events)
    heard = department.heard()
    # A program that dies between its work and its store repeats that one event.
    assert len(heard) <= len(events) + 3
    assert list(dict.fromkeys(heard)) == ids(events)


def test_what_the_broker_hands_out_twice_is_handled_once(department, teller):
    department.start(everything(teller))
    department.connected()
    events = teller.tell(4)
    teller.again(*events, events[0])
    last = teller.tell()
    department.hears(last)
    assert department.heard() == ids(events + last)


def test_a_broker_that_goes_away_is_found_again(department, teller, rabbitmq):
    department.start(everything(teller))
    department.connected()
    before = teller.tell(3)
    department.hears(before)
    rabbitmq.close_connections()
    department.connected(2)
    between = teller.tell(3)
    department.hears(between)
    rabbitmq.restart()
    after = teller.tell(3)
    department.hears(after)
    assert department.heard() == ids(before + between + after)


def test_what_fails_is_tried_again_and_holds_back_its_own_subject_only(department, teller):
    department.start(everything(teller), delays=[0.3] * 1000)
    [bad, *behind] = events = teller.make(3, subject="things/bad")
    department.order(**{str(bad.id): "fail"})
    department.connected()
    teller.again(*events)
    others = teller.tell(3)
    department.hears(others)
    until(lambda: department.lines().count(f"failed {bad.id}") >= 3)
    assert department.heard() == ids(others)
    department.order()
    department.hears(events)
    assert department.heard() == ids([*others, bad, *behind])
    assert department.lines()[-3].endswith(str(department.lines().count(f"failed {bad.id}") + 1))


def test_what_keeps_failing_is_parked_with_its_error_and_can_be_sent_again(department, teller):
    department.start(everything(teller), delays=[0.1, 0.1])
    [bad, *behind] = events = teller.make(2, subject="things/bad")
    department.order(**{str(bad.id): "fail"})
    department.connected()
    teller.again(*events)
    department.hears(behind)
    until(lambda: department.command("parked"))
    [parked] = department.command("parked")
    assert (parked["id"], parked["subject"], parked["attempts"]) == (str(bad.id), "things/bad", 3)
    assert parked["error"] == "RuntimeError: the ledger is closed"
    assert parked["event"]["data"] == {"thing": "ñandú", "number": 0}
    assert department.lines().count(f"failed {bad.id}") == 3
    assert not any(line.startswith("gap") for line in department.lines())
    assert "1 parked" in department.command("check", code=1).stdout
    department.order()
    assert department.command("resend", str(bad.id)) == [{"sent": 1}]
    department.hears([bad])
    assert department.command("parked") == []


def test_what_can_never_be_handled_is_parked_at_once(department, teller):
    department.start(everything(teller))
    [hopeless, behind] = events = teller.make(2, subject="things/one")
    department.order(**{str(hopeless.id): "permanent"})
    department.connected()
    teller.again(*events)
    department.hears([behind])
    until(lambda: department.command("parked"))
    [parked] = department.command("parked", str(hopeless.id))
    assert (parked["attempts"], parked["error"]) == (1, "Permanent: nobody has such an account")


def test_what_a_dying_program_parked_twice_is_listed_and_sent_again_once(department, teller):
    one = department.start(everything(teller))
    first, other = teller.make(2)
    department.order(**{str(each.id): "permanent" for each in (first, other)})
    department.connected()
    teller.again(first, other)
    until(lambda: len(department.command("parked")) == 2)
    # The program died after the broker had the parked event, and before it knew so.
    assert department.stop(one, signal.SIGKILL) == -signal.SIGKILL
    teller.again(first)
    department.start(everything(teller))
    # Killed before the broker knew what was done, it leaves what it had parked to be parked once more.
    until(lambda: department.parked() >= 3)
    assert {each["id"] for each in department.command("parked")} == set(ids([first, other]))
    assert len(department.command("parked")) == 2
    department.order()
    assert department.command("resend", str(first.id)) == [{"sent": 1}]
    department.hears([first])
    assert [each["id"] for each in department.command("parked")] == [str(other.id)]


def test_what_is_listed_is_found_at_once_when_it_is_sent_again(department, teller):
    department.start(everything(teller))
    events = teller.make(20)
    department.order(**{str(each.id): "permanent" for each in events})
    department.connected()
    teller.again(*events)
    until(lambda: len(department.command("parked")) == len(events))
    account = Account.of(department.url, department.name)
    for _ in range(20):
        assert len(parking.parked(account)) == len(events)


def test_a_message_that_is_no_event_is_parked_and_stops_nothing(department, teller):
    department.start(everything(teller))
    department.connected()
    teller.publish((f"crm.{teller.service}.thing_done.v1", b"\xff not JSON"))
    events = teller.tell()
    department.hears(events)
    [parked] = department.command("parked")
    assert (parked["id"], parked["error"]) == (None, "NotAnEvent: this cannot be read as an event")
    assert department.command("resend", "--all") == [{"sent": 1}]
    until(lambda: department.command("parked"))


def test_an_event_over_which_the_program_dies_is_parked_by_the_broker_in_the_end(department, teller):
    [deadly] = teller.make()
    department.order(**{str(deadly.id): "die"})
    one = department.start(everything(teller))
    department.connected()
    teller.again(deadly)
    assert one.wait(60) == 3
    # The rest of the deaths is played by connections that end without an answer.
    for _ in range(topology.DELIVERY_LIMIT):
        with pika.BlockingConnection(pika.URLParameters(department.url)) as connection:
            method, *_ = next(connection.channel().consume(topology.queue(department.name), inactivity_timeout=60))
            assert method is not None
    until(lambda: department.command("parked"))
    [parked] = department.command("parked")
    assert parked["id"] == str(deadly.id)
    assert "the program died over it" in parked["error"]


def test_a_hole_in_a_subject_is_told_and_the_event_is_handled_nevertheless(department, teller):
    department.start(everything(teller))
    department.connected()
    teller.tell(2, subject="things/one")
    last = teller.tell(subject="things/one", skip=2)
    department.hears(last)
    assert "gap things/one 3 5" in department.lines()
    other = teller.tell(subject="things/two", skip=6)
    department.hears(other)
    assert sum(line.startswith("gap") for line in department.lines()) == 1


def test_where_only_some_events_are_asked_for_a_hole_is_none(department, teller):
    department.start(f"crm.{teller.service}.thing_done")
    department.connected()
    teller.tell(subject="things/one")
    teller.tell(subject="things/one", topic="something_else")
    last = teller.tell(subject="things/one")
    department.hears(last)
    assert not any(line.startswith("gap") for line in department.lines())


def test_sigterm_finishes_the_event_in_hand_and_leaves_the_others_to_the_next_program(department, teller):
    [slow, *rest] = events = teller.make(3, subject="things/one")
    department.order(**{str(slow.id): "slow"})
    one = department.start(everything(teller))
    department.connected()
    teller.again(*events)
    until(lambda: f"began {slow.id}" in department.lines())
    one.send_signal(signal.SIGTERM)
    department.order()
    assert one.wait(60) == 0
    assert department.heard() == ids([slow])
    department.start(everything(teller))
    department.hears(rest)
    assert department.heard() == ids(events)


def test_a_second_process_stands_by_and_takes_over(department, teller):
    first = department.start(everything(teller))
    department.connected()
    department.start(everything(teller))
    department.connected(2)
    events = teller.tell(10)
    department.hears(events)
    assert department.heard() == ids(events)
    department.stop(first, signal.SIGKILL)
    more = teller.tell(10)
    department.hears(more)
    heard = department.heard()
    # What the first did and the broker did not know of yet comes again, before what is new.
    assert list(dict.fromkeys(heard)) == ids(events + more)
    assert heard[-len(more) :] == ids(more)


def test_a_pattern_that_is_dropped_is_unbound(department, teller, tmp_path):
    options = {"store": str(tmp_path / "store.sqlite3")}
    one = department.start([f"crm.{teller.service}.a", f"crm.{teller.service}.b"], **options)
    department.connected()
    department.stop(one)
    department.start([f"crm.{teller.service}.b"], **options)
    department.connected(2)
    department.stop(department.running[-1])
    teller.tell(topic="a")
    teller.tell(topic="b")
    said = department.command("check")[-1]["said"]
    assert said.startswith("1 wait, 0 parked, 0 program(s)")


def test_wrong_credentials_are_said_in_a_sentence_at_once(department, teller):
    department.url = department.url.replace("//billing:", "//nobody:")
    one = department.start(everything(teller))
    assert one.wait(60) == 1
    assert "Refused: The broker refuses these credentials" in department.log


def test_a_name_that_is_not_its_own_is_refused(department, teller):
    department.name = "contacts"
    one = department.start(everything(teller))
    assert one.wait(60) == 1
    assert "Refused: This user may not do that at the broker" in department.log
