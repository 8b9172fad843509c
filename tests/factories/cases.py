"""Made-up calendars and clocks."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from chassis.ids import new_id
from contracts.sales import OpportunityLost, OpportunityWon
from services.cases.domain.business_time import BusinessTime
from services.cases.domain.opening_hours import ExceptionalDays, Holiday, OpeningHours, Week, Window
from services.cases.domain.sla_clock import ClockEvent, Step

MADRID = ZoneInfo("Europe/Madrid")


def windows(*spans):
    """Return windows written ``"09:00-18:00"``."""
    return [Window(opens=span.split("-")[0], closes=span.split("-")[1]) for span in spans]


def working_week(*spans):
    """Return a week whose days from Monday to Friday have these windows."""
    return Week(**{day: windows(*spans) for day in ("monday", "tuesday", "wednesday", "thursday", "friday")})


def always():
    """Return a week without any closing."""
    days = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    return Week(**{day: windows("00:00-24:00") for day in days})


def hours(week=None, zone="Europe/Madrid", holidays=(), exceptions=()):
    """Return opening hours: Madrid, Monday to Friday from nine to six, unless said otherwise."""
    return OpeningHours(
        time_zone=zone,
        week=week or working_week("09:00-18:00"),
        holidays=[Holiday(on=on, name="feriado", yearly=yearly) for on, yearly in holidays],
        exceptions=[ExceptionalDays(starts_on=a, ends_on=b, windows=windows(*spans)) for a, b, *spans in exceptions],
    )


def time(**how):
    """Return the arithmetic by these hours."""
    return BusinessTime(hours(**how))


def at(text, zone=MADRID):
    """Return the instant of ``"2026-03-02 10:00"`` on a wall of Madrid."""
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


def started(text, target_hours):
    """Return the beginning of a clock."""
    return ClockEvent(step=Step.STARTED, at=at(text), target_seconds=round(target_hours * 3600))


def then(step, text, target_hours=None, **more):
    """Return one more thing that happened to a clock."""
    target = None if target_hours is None else round(target_hours * 3600)
    return ClockEvent(step=step, at=at(text), target_seconds=target, **more)


def of_hours(number):
    """Return so many hours."""
    return timedelta(hours=number)


__all__ = ["always", "at", "date", "hours", "of_hours", "started", "then", "time", "windows", "working_week"]


def calendar_data(**more):
    """Return the body of a calendar: Madrid, Monday to Friday from nine to six."""
    days = ("monday", "tuesday", "wednesday", "thursday", "friday")
    week = {day: [{"opens": "09:00", "closes": "18:00"}] for day in days}
    return {"name": "Madrid", "time_zone": "Europe/Madrid", "week": week, **more}


def targets(**hours):
    """Return targets ``normal=(4, 8)``: hours of first response and of resolution; the others have four and eight."""
    wanted = {name: hours.get(name, (4, 8)) for name in ("low", "normal", "high", "urgent")}
    return [
        {"priority": name, "first_response_minutes": first * 60, "resolution_minutes": resolution * 60}
        for name, (first, resolution) in wanted.items()
    ]


def policy_data(**more):
    """Return the body of a default policy."""
    return {"name": "Estándar", "is_default": True, "targets": targets(urgent=(1, 4)), **more}


def name(text):
    """Return a name in both languages."""
    return {"es": text, "en": text}


SPANISH = {"new": "nuevo", "resolved": "resuelto"}


def workflow_data(**more):
    """Return the body of a workflow: new, in progress, waiting for customer or others, resolved, closed."""
    states = [
        ("new", "open", []),
        ("in-progress", "open", []),
        ("waiting-customer", "waiting", ["next_response", "resolution"]),
        ("waiting-others", "waiting", []),
        ("resolved", "resolved", []),
        ("closed", "closed", []),
    ]
    open_states = ["new", "in-progress", "waiting-customer", "waiting-others"]
    ways = [
        ("start", "in-progress", [each for each in open_states if each != "in-progress"], []),
        ("wait-for-customer", "waiting-customer", open_states, []),
        ("wait-for-others", "waiting-others", open_states, []),
        ("resolve", "resolved", open_states, ["tasks-done", "solution-written"]),
        ("close", "closed", ["resolved"], []),
        ("reopen", "in-progress", ["resolved", "closed"], []),
    ]
    return {
        "name": "Atención",
        "initial": "new",
        "states": [
            {"key": k, "name": {"es": SPANISH.get(k, k), "en": k}, "category": c, "pauses": p} for k, c, p in states
        ],
        "transitions": [
            {"key": k, "name": name(k), "to": to, "sources": sources, "preconditions": needs}
            for k, to, sources, needs in ways
        ],
        **more,
    }


def type_data(slug="general", **more):
    """Return the body of a case type."""
    return {"slug": slug, "name": name(slug.capitalize()), **more}


def case_data(**more):
    """Return the body of a case."""
    return {"subject": "No funciona la fibra", "channel": "email", "contact_email": "ana@acme.example", **more}


def plan_data(**more):
    """Return the body of a plan: a kick-off within a day of nine hours, and the delivery, which is not required."""
    tasks = [{"title": "Inicio", "due_minutes": 540, "required": True}, {"title": "Entrega"}]
    return {"name": "Servicio", "tasks": tasks, **more}


def sale(**more):
    """Return the event of an opportunity that was won on Monday 2 March 2026."""
    data = {
        "opportunity_id": new_id(),
        "name": "Fibra para ACME",
        "person_id": new_id(),
        "company_id": new_id(),
        "amount": None,
        "closed_on": date(2026, 3, 2),
        "campaign_id": None,
        "source_lead_id": None,
    }
    return OpportunityWon(**{**data, **more})


def lost_sale(won):
    """Return the event by which a sale that was won before is lost."""
    about = {name: getattr(won, name) for name in ("opportunity_id", "name", "person_id", "company_id", "campaign_id")}
    return OpportunityLost(**about, amount=None, closed_on=won.closed_on, stage_id=new_id(), reason="price")
