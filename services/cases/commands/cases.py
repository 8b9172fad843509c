"""Registering and changing cases."""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from chassis import settings as installation
from chassis.clock import utc_now
from chassis.merge_patch import Partial
from chassis.unit_of_work import UnitOfWork
from contracts.contacts import Channel, Direction
from services.cases import settings
from services.cases.commands import answers, sla
from services.cases.domain.business_time import BusinessTime
from services.cases.domain.cards import task_cards
from services.cases.domain.case import Case
from services.cases.domain.case_type import EffectiveType
from services.cases.domain.numbering import series_of, written
from services.cases.domain.passing_on import pass_on
from services.cases.domain.priority import Priority
from services.cases.domain.task import CaseTask
from services.cases.domain.type_field import filled_in
from services.cases.domain.workflow import Workflow
from services.cases.errors import NoWorkflowYet
from services.cases.queries import calendars, case_types, cases, clocks, numbers, projects, rules, type_versions

# Where both sides are there at the same time, so that being reached means having answered.
_LIVE = frozenset({Channel.PHONE, Channel.VISIT, Channel.CHAT})
# What a change of these may do to what was promised.
_PROMISED_BY = frozenset({"priority", "type_id", "company_id"})


def create_case(
    uow: UnitOfWork,
    *,
    type_id: UUID | None = None,
    fields: Mapping[str, Any] | None = None,
    responsible_id: UUID | None = None,
    resolver_id: UUID | None = None,
    direction: Direction = Direction.INBOUND,
    reached: bool = True,
    follows_id: UUID | None = None,
    **attributes: Any,
) -> Case:
    """Register a case with what its type brings: defaults, tasks, and clocks that run.

    Raises ``ValidationFailed`` naming the type's own fields that are missing or wrong, ``TypeIsNotALeaf``,
    ``TypeIsSwitchedOff``, ``UnknownReference``, ``NoWorkflowYet``.
    """
    at = utc_now()
    projects.check_visible(uow, attributes.get("project_id"))
    type_ = EffectiveType(path=[]) if type_id is None else case_types.for_new_case(uow, type_id)
    values = filled_in(type_.fields, fields or {}, {}, uow.call.locale)
    workflow = _workflow(uow, type_)
    attributes["priority"] = attributes.get("priority") or type_.priority or Priority.NORMAL
    attributes["owner_id"] = responsible_id or attributes.get("owner_id") or type_.responsible_id
    if type_.group_id is not None:
        attributes["group_id"] = type_.group_id
    case = Case(
        type_id=type_id,
        type_version=None if type_id is None else rules.current(uow).type_versions.get(type_id),
        fields=values,
        resolver_id=resolver_id or type_.resolver_id,
        follows_id=follows_id,
        workflow_id=workflow.id,
        state=workflow.initial,
        category=workflow.state(workflow.initial).category,
        number="",
        mail_token=secrets.token_hex(8),
        created_at=at,
        waiting_since=at if direction is Direction.INBOUND else None,
        **attributes,
    )
    case.be_born_to(uow.actor)
    uow.settle(case)
    held = clocks.policy_for(uow, case, type_)
    time = _default_time(uow)
    case.register()
    desk = sla.begin(uow, case, held, at)
    if direction is Direction.OUTBOUND and (case.channel not in _LIVE or reached):
        case.first_response_at = at
        if desk.clocks and held is not None and held[0].outbound_answers:
            sla.answered(uow, desk)
    desk.stand_still(workflow.state(workflow.initial).pauses)
    uow.add(case)
    sla.keep(uow, desk)
    tasks = [uow.add(task) for task in _tasks(case, type_, time, at)]
    shown = clocks.cards(uow, desk.clocks, at)
    if direction is Direction.INBOUND:
        answers.acknowledge(uow, case, type_, at)
    # As late as can be: from here on whoever creates another case waits for our commit.
    case.be_numbered(_next_number(uow, at))
    return case.showing(sla=shown, tasks=task_cards(tasks))


def update_case(uow: UnitOfWork, case_id: UUID, changes: dict[str, Any]) -> Case:
    """Change a case. Another customer, type or priority may promise something else.

    Raises ``VersionConflict`` and, for the type's own fields, what creating one raises.
    """
    case, at = cases.to_change(uow, case_id), utc_now()
    projects.check_visible(uow, changes.get("project_id"))
    if "owner_id" in changes:
        pass_on(case, {"responsible_id": changes.pop("owner_id")})
    with uow.session.no_autoflush:
        desk = sla.desk(uow, case, at)
        if "type_id" in changes and changes["type_id"] not in {None, case.type_id}:
            case_types.for_new_case(uow, changes["type_id"])
        type_ = _type_of(uow, case, changes)
        if "fields" in changes or "type_id" in changes:
            changes["fields"] = _filled_in(uow, case, type_, changes.get("fields"))
        changed = case.change(changes)
        if changed & _PROMISED_BY:
            sla.follow_policy(uow, desk, type_)
    sla.keep(uow, desk)
    return cases.shown(uow, case, at)


def _type_of(uow: UnitOfWork, case: Case, changes: Mapping[str, Any]) -> EffectiveType:
    """Return what holds for a case from now on; one that gets another type keeps to the present version of that."""
    type_id = changes.get("type_id", case.type_id)
    if type_id != case.type_id:
        case.type_version = None if type_id is None else rules.current(uow).type_versions.get(type_id)
        return case_types.of_case(uow, type_id)
    return type_versions.of_case(uow, case)


def _filled_in(uow: UnitOfWork, case: Case, type_: EffectiveType, given: object) -> dict[str, Any]:
    patch = given.patch if isinstance(given, Partial) else {}
    known = {field.name for field in type_.fields}
    # A field that another type had goes with that type.
    kept = {name: value for name, value in case.fields.items() if name in known}
    return filled_in(type_.fields, patch, kept, uow.call.locale)


def _workflow(uow: UnitOfWork, type_: EffectiveType) -> Workflow:
    if type_.workflow_id is not None:
        return rules.current(uow).workflows[type_.workflow_id]
    workflow = rules.current(uow).default_workflow
    if workflow is None:
        raise NoWorkflowYet
    return workflow


def _next_number(uow: UnitOfWork, at: datetime) -> str:
    zone = installation.load().default_time_zone
    series = series_of(at, zone, yearly=settings.numbers_are_yearly())
    return written(series, numbers.next_number(uow, series))


def _default_time(uow: UnitOfWork) -> BusinessTime | None:
    hours = rules.current(uow).default_hours
    return None if hours is None else calendars.time_of(uow, hours)


def _tasks(case: Case, type_: EffectiveType, time: BusinessTime | None, at: datetime) -> list[CaseTask]:
    return [
        CaseTask(
            case_id=case.id,
            position=place,
            title=task.title,
            description=task.description,
            required=task.required,
            assignee_id=task.assignee_id,
            due_at=task.due_minutes and time and time.due(at, timedelta(minutes=task.due_minutes)),
        )
        for place, task in enumerate(type_.tasks, start=1)
    ]
