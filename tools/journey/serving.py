"""Steps 8 and 9: the customer has trouble; a case with promises is opened, and its clocks run, pause and run out."""

import re
import time
from collections import Counter
from datetime import datetime, timedelta
from http import HTTPStatus
from itertools import pairwise
from typing import Any, Final

from tools.journey.selling import timeline
from tools.journey.story import Story, expect, same

_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_AROUND_THE_CLOCK: Final = "24 × 7"
_OF_THE_CLOCKS: Final = (
    "cases.case_created",
    "cases.sla_started",
    "cases.sla_paused",
    "cases.sla_resumed",
    "cases.sla_warned",
    "cases.sla_breached",
    "cases.case_escalated",
)
_CLOCK_EVENTS: Final = {"sla_warned", "sla_breached", "case_escalated"}
_CLOCKS_TELL: Final = 5  # both metrics warn and are late, and one escalates
_WORDS: Final = {
    "warning": "queda poco tiempo|little time is left",
    "breach": "plazo incumplido|too late",
    "escalation": "escalado|escalated",
}
_NOTICES: Final = Counter(warning=2, breach=2, escalation=1)


def open_case(story: Story) -> None:
    """The type of the case demands its fields and brings its tasks; what was promised has due instants."""
    api, mark = story.api, story.mark
    type_ = _case_type(story)
    case = {
        "subject": f"La fibra se corta por las tardes {mark}",
        "description": "Desde ayer, entre las cinco y las siete.",
        "type_id": type_["id"],
        "person_id": story["person_id"],
        "company_id": story["company_id"],
        "contact_email": story.customer_address,
        "channel": "email",
        "priority": "high",
    }
    refused = api.do("/v1/cases", case, HTTPStatus.UNPROCESSABLE_ENTITY)
    same("the type's own field is demanded", [each["pointer"] for each in refused["errors"]], ["/fields/line_number"])
    made = api.create("/v1/cases", {**case, "fields": {"line_number": "910 000 000"}})
    story["case_id"], story["number"] = made["id"], made["number"]
    same("the tasks came with the type", [each["title"] for each in made["tasks"]], ["Medir la línea"])
    clocks = {each["metric"]: each for each in made["sla"]}
    same("two things are promised", set(clocks), {"first_response", "resolution"})
    response, resolution = story.response_seconds, story.resolution_seconds
    for metric, seconds in (("first_response", response), ("resolution", resolution)):
        due = _instant(made["created_at"]) + timedelta(seconds=seconds)
        same(f"{metric} falls due so much later", _instant(clocks[metric]["due_at"]), due)
    story.saw(
        f"case {made['number']}: first response in {response} s, solved in {resolution} s, 1 task",
        f"caso {made['number']}: respuesta en {response} s, solución en {resolution} s, 1 tarea",
    )


def run_out_of_time(story: Story) -> None:
    """The clock pauses while the customer is waited for, warns, is late once, and the case is escalated."""
    api, path = story.api, f"/v1/cases/{story['case_id']}"
    waiting = api.do(f"{path}/transition", {"transition": "wait-for-customer"})
    states = {each["metric"]: each["state"] for each in waiting["sla"]}
    same("the solution's clock stands still", states, {"first_response": "running", "resolution": "paused"})
    time.sleep(1.1)
    api.do(f"{path}/transition", {"transition": "start"})

    late = story.eventually("both clocks are late", lambda: _late(api.get(f"{path}/sla")))
    timeline(story, *_OF_THE_CLOCKS)
    story.eventually("the timeline shows both clocks late", lambda: _told_of_the_clocks(story).total() >= _CLOCKS_TELL)
    told = _told_of_the_clocks(story)
    for metric in ("first_response", "resolution"):
        same(f"{metric} warned once", told["sla_warned", metric], 1)
        same(f"{metric} was late once", told["sla_breached", metric], 1)
    same("the case was escalated once", told["case_escalated", "resolution"], 1)
    _warned_at_three_quarters(late)

    story.eventually("notices of all of it", lambda: sum(_noticed(story).values()) >= sum(_NOTICES.values()))
    same("each thing is noticed once", _noticed(story), _NOTICES)
    counted = _account_for_every_second(api.get(f"{path}/sla/explain"))
    story.saw(
        f"paused, warned at 75 %, late once, escalated; /sla/explain accounts for {counted} s",
        f"en pausa, aviso al 75 %, incumplido una vez, escalado; /sla/explain da cuenta de {counted} s",
    )


def _told_of_the_clocks(story: Story) -> Counter[tuple[str, str]]:
    """Count what the customer's timeline shows of warnings, breaches and escalations of the case, by metric."""
    lines = story.api.every(f"/v1/people/{story['person_id']}/timeline")
    told = [(line["type"].split(".")[2], line) for line in lines if line["subject_id"] == story["case_id"]]
    return Counter((what, line["data"]["metric"]) for what, line in told if what in _CLOCK_EVENTS)


def _case_type(story: Story) -> dict[str, Any]:
    """Make a type with a field, a task and promises of its own."""
    api, mark = story.api, story.mark
    priorities = [
        {
            "priority": priority,
            "first_response_seconds": story.response_seconds,
            "next_response_minutes": 60,
            "resolution_seconds": story.resolution_seconds,
        }
        for priority in ("low", "normal", "high", "urgent")
    ]
    policy = api.create(
        "/v1/sla-policies",
        {
            "name": f"Averías {mark}",
            "calendar_id": _calendar(story),
            "targets": priorities,
            "levels": [{"level": 2, "metric": "resolution", "percent": 100, "notify": ["responsible", "supervisor"]}],
        },
    )
    type_ = api.create(
        "/v1/case-types",
        {
            "slug": f"averia-{mark}",
            "name": {"es": f"Avería de línea {mark}", "en": f"Line fault {mark}"},
            "kind": "incident",
            "sla_policy_id": policy["id"],
            "fields": [
                {"name": "line_number", "label": {"es": "Línea", "en": "Line"}, "kind": "text", "required": True}
            ],
            "tasks": [{"title": "Medir la línea", "due_minutes": 30, "required": True}],
        },
    )
    story["type_id"] = type_["id"]
    return type_


def _calendar(story: Story) -> str:
    """Return the calendar that never closes; the first run makes it."""
    known = story.api.every("/v1/calendars", name=_AROUND_THE_CLOCK)
    if not known:
        week = {day: [{"opens": "00:00", "closes": "24:00"}] for day in _DAYS}
        body = {"name": _AROUND_THE_CLOCK, "time_zone": "Europe/Madrid", "week": week}
        # Another run may make it at the same moment.
        story.api.ask("POST", "/v1/calendars", body, expect={HTTPStatus.CREATED, HTTPStatus.CONFLICT})
        known = story.api.every("/v1/calendars", name=_AROUND_THE_CLOCK)
    return str(known[0]["id"])


def _late(clocks: list[dict[str, Any]]) -> dict[str, dict[str, Any]] | None:
    told = all(each["warned_at"] and each["breached_at"] for each in clocks)
    return {each["metric"]: each for each in clocks} if told else None


def _noticed(story: Story) -> Counter[str]:
    """Count the notices about the case by what they say; the system may speak Spanish or English to its users."""
    found = story.api.every("/v1/messages", channel="in_app", about=f"cases/{story['case_id']}")
    return Counter(what for each in found for what, words in _WORDS.items() if re.search(words, each["subject"]))


def _warned_at_three_quarters(clocks: dict[str, dict[str, Any]]) -> None:
    for metric, clock in clocks.items():
        target = clock["target_seconds"]
        before = _instant(clock["breached_at"]) - _instant(clock["warned_at"])
        expect(before >= timedelta(seconds=target * 0.25), f"{metric} warned in time", before)
    running = clocks["first_response"]
    before = _instant(running["breached_at"]) - _instant(running["warned_at"])
    same("it warned at 75 %", before, timedelta(seconds=running["target_seconds"] * 0.25))
    expect(clocks["resolution"]["paused_seconds"] >= 1, "the pause is known", clocks["resolution"])


def _account_for_every_second(accounts: list[dict[str, Any]]) -> int:
    """Check that the intervals of each clock follow each other without a gap and add up; returns their seconds."""
    total = 0
    for account in accounts:
        intervals, clock = account["intervals"], account["clock"]
        for before, after in pairwise(intervals):
            same("no gap between intervals", after["since"], before["until"])
        counted = sum(each["seconds"] for each in intervals if each["counted"])
        # Each interval is rounded down to its second.
        expect(clock["elapsed_seconds"] - len(intervals) <= counted <= clock["elapsed_seconds"], "they add up", account)
        total += counted
    pauses = [each for account in accounts for each in account["intervals"] if each["why"] == "paused"]
    same("one pause is accounted for", len(pauses), 1)
    return total


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)
