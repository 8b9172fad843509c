"""Reading what was told before: from the beginning, a date, a cursor; and going over to what is told now."""

import signal
import threading
from datetime import UTC, datetime

import pytest

from tests.broker.sdk.department import ago, until

pytestmark = [pytest.mark.broker]


def everything(teller):
    return f"crm.{teller.service}.*"


def ids(events):
    return [str(event.id) for event in events]


def test_a_new_subscription_reads_from_the_beginning_and_goes_over_to_live(department, teller):
    before = teller.tell(30, subject="things/one") + teller.tell(5)
    department.start(everything(teller), start="first")
    department.hears(before)
    live = teller.tell(5, subject="things/one")
    # The history goes on being read until something is told that is in the queue for certain.
    department.hears(live)
    until(lambda: (live.extend(teller.tell(subject="things/one")), "live from here on" in department.log)[1])
    after = teller.tell(5, subject="things/one")
    department.hears(after)
    assert department.heard() == ids(before + live + after)
    assert not any(line.startswith("gap") for line in department.lines())


def test_nothing_is_lost_or_repeated_while_events_are_told_during_the_whole_change(department, teller):
    events = teller.tell(200, subject="things/one")
    over = threading.Event()

    def go_on():
        while not over.is_set():
            events.extend(teller.tell(3, subject="things/one"))

    talking = threading.Thread(target=go_on)
    talking.start()
    try:
        department.start(everything(teller), start="first", prefetch=20)
        until(lambda: "live from here on" in department.log)
        count = len(events)
        until(lambda: len(events) > count + 20)
    finally:
        over.set()
        talking.join()
    department.hears(events)
    assert department.heard() == ids(events)


def test_a_program_that_is_killed_while_it_reads_the_history_goes_on_there(department, teller, tmp_path):
    options = {"store": str(tmp_path / "store.sqlite3"), "start": "first", "prefetch": 10}
    events = teller.tell(300, subject="things/one")
    for portion in (60, 160):
        one = department.start(everything(teller), **options)
        until(lambda portion=portion: len(department.heard()) > portion, said=lambda: department.log)
        department.stop(one, signal.SIGKILL)
    department.start(everything(teller), **options)
    events += teller.tell(5, subject="things/one")
    department.hears(events)
    heard = department.heard()
    assert list(dict.fromkeys(heard)) == ids(events)
    assert len(heard) <= len(events) + 2


def test_an_event_of_the_history_that_fails_keeps_its_place_over_the_change_to_live(department, teller):
    [bad] = teller.make(subject="things/bad")
    department.order(**{str(bad.id): "fail"})
    teller.again(bad)
    department.start(everything(teller), start="first", delays=[0.5] * 1000)
    until(lambda: f"failed {bad.id}" in department.lines(), said=lambda: department.log)
    behind = teller.tell(2, subject="things/bad")
    others = teller.tell(2)
    until(lambda: (teller.tell(), "live from here on" in department.log)[1])
    department.hears(others)
    assert not set(ids([bad, *behind])) & set(department.heard())
    department.order()
    department.hears([bad, *behind])
    assert [each for each in department.heard() if each in ids([bad, *behind])] == ids([bad, *behind])


def test_two_processes_read_the_history_only_once(department, teller, tmp_path):
    options = {"store": str(tmp_path / "store.sqlite3"), "start": "first", "prefetch": 5}
    events = teller.make(50, subject="things/one")
    department.order(**{str(events[10].id): "slow"})
    teller.again(*events)
    first = department.start(everything(teller), **options)
    until(lambda: len(department.heard()) > 5)
    department.start(everything(teller), **options)
    until(lambda: "another process reads the history" in department.log, said=lambda: department.log)
    department.order()
    department.hears(events)
    department.stop(first, signal.SIGKILL)
    more = teller.tell(5, subject="things/one")
    department.hears(more)
    assert list(dict.fromkeys(department.heard())) == ids(events + more)


def test_a_date_leaves_out_what_happened_before(department, teller):
    teller.tell(3, at=ago(days=2))
    wanted = teller.tell(2)
    department.start(everything(teller), start=ago(hours=1).isoformat())
    department.hears(wanted)
    assert department.heard() == ids(wanted)


def test_a_cursor_goes_on_where_somebody_stopped(department, teller):
    events = teller.tell(6, subject="things/one")
    seen = department.command("replay", everything(teller), "--limit", "3")
    assert [each["id"] for each in seen] == ids(events[:3])
    department.start(everything(teller), start=seen[-1]["cursor"] + 1)
    department.hears(events[3:])
    assert department.heard() == ids(events[3:])


def test_the_command_shows_the_history_by_what_is_asked(department, teller):
    old = teller.tell(2, subject="things/old", at=ago(days=3))
    events = teller.tell(3, subject="things/one") + teller.tell(subject="things/two", topic="other")
    show = lambda *arguments: [each["id"] for each in department.command("replay", *arguments)]  # noqa: E731
    assert show(everything(teller)) == ids(old + events)
    assert show(f"crm.{teller.service}.other", "--limit", "1") == ids(events[-1:])
    assert show(everything(teller), "--subject", "things/one", "--limit", "3") == ids(events[:3])
    assert show(everything(teller), "--from", ago(days=1).date().isoformat(), "--limit", "1") == ids(events[:1])
    assert show(everything(teller), "--until", ago(days=1).isoformat()) == ids(old)
    [first] = department.command("replay", everything(teller), "--limit", "1")
    assert datetime.fromisoformat(first["time"]) < datetime.now(UTC)
    assert first["specversion"] == "1.0"


def test_who_looks_while_a_program_reads_the_history_is_told_so(department, teller):
    events = teller.tell(3)
    department.start(everything(teller), start="first")
    department.hears(events)
    standing = department.command("check")[-1]

    # Only the next event shows where the history ends.
    assert (standing["ok"], "a program reads the history" in standing["said"]) == (True, True)
    until(lambda: teller.tell() and "1 program(s) connected" in department.command("check")[-1]["said"])


def test_the_command_refuses_what_it_does_not_understand(department, teller):
    assert "no pattern" in department.command("replay", "crm.Sales!", code=1).stderr
    assert "fits no event" in department.command("replay", "crm.sales", code=1).stderr
    said = department.command("replay", "--from", "yesterday", code=1).stderr
    assert "'yesterday' is no place to begin: say first, a date such as 2026-11-02, an instant, or a cursor" in said
    assert "'soon' is no instant" in department.command("replay", "--until", "soon", code=2).stderr
    assert "No event x is parked" in department.command("parked", "x", code=1).stderr
