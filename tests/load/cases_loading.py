"""Open cases by the hundred thousand: copies of one case that the service itself registered, made inside PostgreSQL.

The calendar of the case is open at all hours, so a copy whose clocks began earlier falls due earlier by as much.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from chassis.db.tables import timers
from services.cases.commands.sla import ALARM
from services.cases.domain.base import Model
from services.cases.domain.case import Case
from services.cases.domain.clock_record import SlaClock
from tests.kit.stack import Stack

STEP = 50_000  # cases in one transaction
_INSTANTS = ("created_at", "updated_at", "waiting_since", "next_due_at", "alarm_at", "started_at", "due_at")
# Ascending ids, as those of real cases are; the version of a UUID stands in its 13th digit, the variant in its 17th.
_ID = (
    "overlay(overlay(lpad(to_hex({number}), 12, '0') || left(md5({salt} || {number}), 20) "
    "placing '7' from 13) placing '8' from 17)"
)

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
ALWAYS = {day: [{"opens": "00:00", "closes": "24:00"}] for day in _DAYS}
FIRST_RESPONSE, RESOLUTION = 20 * 24 * 60, 30 * 24 * 60  # minutes


@dataclass(frozen=True)
class World:
    """Two cases to copy: one whose calendar stays, and one whose calendar has a holiday set that will change."""

    steady: uuid.UUID
    moving: uuid.UUID
    calendar: str
    holidays: str


def prepare(stack: Stack) -> World:
    """Make calendars that are always open, policies, types, and a case of each."""

    def made(path: str, body: dict[str, Any]) -> str:
        answer = stack.call("POST", path, body)
        if answer.status != 201:
            raise RuntimeError(f"{path}: {answer}")
        return str(answer.body["id"])

    def case(name: str, calendar: str) -> uuid.UUID:
        target = {
            "priority": "normal",
            "first_response_minutes": FIRST_RESPONSE,
            "resolution_minutes": RESOLUTION,
        }
        policy = made("/v1/sla-policies", {"name": name, "calendar_id": calendar, "targets": [target]})
        type_ = {"slug": name, "name": {"es": name, "en": name}, "sla_policy_id": policy}
        body = {"subject": "La conexión se corta", "type_id": made("/v1/case-types", type_), "priority": "normal"}
        return uuid.UUID(made("/v1/cases", {**body, "contact_email": "ana@example.com"}))

    holidays = made("/v1/holiday-sets", {"name": "bench"})
    hours = {"time_zone": "Europe/Madrid", "week": ALWAYS}
    steady = made("/v1/calendars", {**hours, "name": "steady"})
    moving = made("/v1/calendars", {**hours, "name": "moving", "holiday_set_ids": [holidays]})
    return World(case("steady", steady), case("moving", moving), moving, holidays)


def load(
    engine: sa.Engine, template: uuid.UUID, count: int, *, first_due: datetime, apart: float, alarms: bool = True
) -> None:
    """Add ``count`` copies of a case with its clocks and its alarm.

    The first response of each falls due ``apart`` seconds after that of the one before; it was warned of already.
    """
    with engine.connect() as connection:
        present = connection.scalar(sa.select(sa.func.count()).select_from(Case.__table__))
        due = connection.scalar(
            sa.select(sa.func.min(SlaClock.due_at)).where(SlaClock.case_id == template, SlaClock.due_at.is_not(None))
        )
    shift = first_due - due
    for start in range(0, count, STEP):
        values = {
            "template": template,
            "low": present + start,
            "high": present + min(start + STEP, count) - 1,
            "first": present,
            "shift": shift,
            "apart": apart,
            "alarm": ALARM,
        }
        with engine.begin() as connection:
            for statement in (_CASES, _CLOCKS, *((_TIMERS,) if alarms else ())):
                connection.execute(sa.text(statement), values)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("ANALYZE cases, sla_clocks, timers"))


def _shifted(expression: str) -> str:
    return f"{expression} + CAST(:shift AS interval) + (n - :first) * :apart * interval '1 second'"


def _copying(table: sa.Table, source: str, **others: str) -> str:
    expressions = {
        column.name: _shifted(f't."{column.name}"') if column.name in _INSTANTS else f't."{column.name}"'
        for column in table.columns
    }
    expressions |= others
    names = ", ".join(f'"{name}"' for name in expressions)
    return f"INSERT INTO {table.name} ({names}) SELECT {', '.join(expressions.values())} FROM {source}"


def _id_of(salt: str) -> str:
    return f"CAST({_ID.format(number='n', salt=salt)} AS uuid)"


_NUMBERS = "generate_series(CAST(:low AS bigint), CAST(:high AS bigint)) n"
_COPY = _id_of("'case'")
_CASES = _copying(
    Case.__table__,
    f"cases t, {_NUMBERS} WHERE t.id = :template",
    id=_COPY,
    number="'copy-' || n",
    mail_token="md5('mail' || n)",
    alarm_at=_shifted("t.next_due_at"),
)
_CLOCKS = _copying(
    SlaClock.__table__,
    f"sla_clocks t, {_NUMBERS} WHERE t.case_id = :template",
    id=_id_of("t.metric"),
    case_id=_COPY,
    happened=f"jsonb_set(t.happened, '{{0,at}}', to_jsonb(to_char({_shifted('t.started_at')}, "
    """'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"')))""",
    warned_at=f"CASE t.metric WHEN 'first_response' THEN {_shifted('t.started_at')} END",
)
_TIMERS = (
    f"INSERT INTO {timers(Model.metadata).name} (id, kind, key, due_at, data, attempts, created_at) "
    f"SELECT {_id_of(chr(39) + 'timer' + chr(39))}, :alarm, CAST({_COPY} AS text), {_shifted('t.next_due_at')}, "
    f"CAST('{{}}' AS json), 0, t.created_at FROM cases t, {_NUMBERS} WHERE t.id = :template"
)
