"""Giving types new versions, and having others follow them: types below, and open cases."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from chassis.clock import utc_now
from chassis.jobs import JobRun
from chassis.unit_of_work import UnitOfWork
from services.cases.commands import sla
from services.cases.domain.case import Case
from services.cases.domain.case_type import CaseType, EffectiveType, effective
from services.cases.domain.priority import Priority
from services.cases.domain.task import CaseTask
from services.cases.domain.type_version import OverridingType, Propagation, TypeVersion, differing, inherit
from services.cases.queries import case_types, rules, type_versions

PROPAGATE: Final = "propagate-type"


def settle(uow: UnitOfWork, case_type: CaseType) -> None:
    """Give a type, and those below it, a new version where something else holds now, and tell of it."""
    at, below = utc_now(), case_types.below(uow, case_type.id)
    for each in (case_type, *below):
        above = [case_type if id_ == case_type.id else uow.get(CaseType, id_) for id_ in each.ancestor_ids]
        holds, last = effective([*above, each]), type_versions.latest(uow, each.id)
        changed = [] if last is None else differing(last.holds, holds)
        if last is not None and not changed:
            continue
        version = TypeVersion(
            type_id=each.id,
            number=last.number + 1 if last else 1,
            holds=holds,
            valid_from=at,
            made_by=uow.actor.user_id,
        )
        uow.session.add(version)
        if each is case_type:
            case_type.activate(version.number, changed)


def propagate(
    uow: UnitOfWork,
    type_id: UUID,
    *,
    attributes: Sequence[str] = (),
    children: bool = False,
    open_cases: bool = False,
) -> Propagation:
    """Have types below give up what they say themselves of these attributes, and open cases follow in the background.

    Raises ``NotFound``, ``VersionConflict``.
    """
    rules.changed(uow)
    case_type = uow.change(CaseType, type_id)
    below = case_types.below(uow, type_id)
    reset: list[OverridingType] = []
    with uow.session.no_autoflush:
        if children:
            holds = case_types.show_effective(case_type, case_types.ancestors(uow, case_type)).__dict__["effective"]
            above = {each.name: each for each in holds.fields}
            given_up = [(each, inherit(each, above, attributes)) for each in below]
            reset = [
                OverridingType(type_id=each.id, slug=each.slug, name=each.name, attributes=own)
                for each, own in given_up
                if own
            ]
            settle(uow, case_type)
    ids = [type_id, *(each.id for each in below)]
    job = uow.start_job(PROPAGATE, {"type_ids": [str(each) for each in ids]}) if open_cases else None
    count = sum(type_versions.open_cases(uow, ids).values()) if open_cases else 0
    return Propagation(reset=reset, open_cases=count, job_id=job)


def next_cases(uow: UnitOfWork, run: JobRun, after: UUID | None, limit: int) -> list[UUID]:
    """Return the next open cases of the types that are propagated."""
    return type_versions.next_cases(uow, [UUID(each) for each in run.data["type_ids"]], after, limit)


def follow(uow: UnitOfWork, case_ids: Sequence[UUID]) -> tuple[int, int]:
    """Have cases keep to the latest version of their type; returns how many there were and how many changed by it."""
    at, moved = utc_now(), 0
    cases = type_versions.held(uow, case_ids)
    with uow.session.no_autoflush:
        for case in cases:
            number = rules.current(uow).type_versions.get(case.type_id) if case.type_id else None
            if number is not None and number != case.type_version:
                moved += _follow(uow, case, number, at)
    return len(cases), moved


def conclude(uow: UnitOfWork, run: JobRun, examined: int, moved: int) -> None:
    """Tell how many open cases there were and how many changed, unless the type is gone."""
    case_type = uow.session.get(CaseType, UUID(run.data["type_ids"][0]))
    if case_type is not None:
        case_type.propagated(examined, moved)


def _follow(uow: UnitOfWork, case: Case, number: int, at: datetime) -> bool:
    before = type_versions.of_case(uow, case)
    desk = sla.desk(uow, case, at)
    case.type_version = number
    after = type_versions.of_case(uow, case)
    changes = _changes(uow, case, before, after)
    if changes:
        case.change(changes)
    case.assign(
        responsible_id=_taken(case.owner_id, before.responsible_id, after.responsible_id),
        resolver_id=_taken(case.resolver_id, before.resolver_id, after.resolver_id),
        group_id=_taken(case.group_id, before.group_id, after.group_id),
        because="type",
    )
    known = {task.title for task in before.tasks}
    for place, task in enumerate(after.tasks, start=1):
        if task.title not in known:
            uow.add(
                CaseTask(
                    case_id=case.id,
                    position=place,
                    title=task.title,
                    description=task.description,
                    required=task.required,
                    assignee_id=task.assignee_id,
                )
            )
    sla.follow_policy(uow, desk, after)
    sla.keep(uow, desk)
    return bool(differing(before, after))


def _changes(uow: UnitOfWork, case: Case, before: EffectiveType, after: EffectiveType) -> dict[str, Any]:
    """Return what changes of a case where it still is as its type had said; a state that is not there stays."""
    changes: dict[str, Any] = {}
    if before.priority != after.priority and case.priority is (before.priority or Priority.NORMAL):
        changes["priority"] = after.priority or Priority.NORMAL
    known = rules.current(uow)
    workflow = known.workflows[after.workflow_id] if after.workflow_id else known.default_workflow
    if before.workflow_id != after.workflow_id and workflow is not None and workflow.id != case.workflow_id:
        same = [each for each in workflow.states if (each.key, each.category) == (case.state, case.category)]
        if same:
            changes["workflow_id"] = workflow.id
    return changes


def _taken(present: UUID | None, before: UUID | None, after: UUID | None) -> UUID | None:
    return after if before != after and after is not None and present == before else present
