"""Working on a case: who has it, which state it is in, and whom it is passed on to."""

from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.clock import utc_now
from chassis.unit_of_work import UnitOfWork
from contracts.cases import CaseEscalated
from services.cases.commands import cases as registering
from services.cases.commands import sla, surveys
from services.cases.domain.case import Case
from services.cases.domain.passing_on import pass_on
from services.cases.domain.precondition import unmet
from services.cases.domain.workflow import Category, Transition, Workflow
from services.cases.errors import PreconditionsUnmet, TransitionImpossible
from services.cases.queries import cases, clocks


def assign_case(uow: UnitOfWork, case_id: UUID, *, because: str | None = None, **named: UUID | None) -> Case:
    """Name who is responsible, who resolves, which group has it; who is not named stays."""
    case = cases.to_change(uow, case_id)
    pass_on(case, named, because)
    return cases.shown(uow, case, utc_now())


def escalate_case(uow: UnitOfWork, case_id: UUID, *, because: str, level: int = 1, **named: UUID | None) -> Case:
    """Pass the work on to another resolver or group; who is responsible stays, and the customer's clocks run on."""
    case, at = cases.to_change(uow, case_id), utc_now()
    pass_on(case, named, because)
    case.record(
        CaseEscalated(
            **case.about,
            subject=case.subject,
            level=level,
            metric=None,
            cause=because,
            reached_at=at,
            notify=[],
            responsible_id=case.owner_id,
            resolver_id=case.resolver_id,
        )
    )
    return cases.shown(uow, case, at)


def take_over_case(uow: UnitOfWork, case_id: UUID, *, because: str | None = None) -> Case:
    """Be responsible for a case from now on; the resolver stays."""
    case = cases.to_change(uow, case_id)
    pass_on(case, {"responsible_id": uow.actor.user_id}, because)
    return cases.shown(uow, case, utc_now())


def transition_case(uow: UnitOfWork, case_id: UUID, *, transition: str, solution: str | None = None) -> Case:
    """Take a transition, named by its key or by the state that it leads to.

    A resolved case that would be reopened too late is followed by a new one, which is the answer then. Raises
    ``TransitionImpossible``, ``PreconditionsUnmet``, ``VersionConflict``.
    """
    case, at = cases.to_change(uow, case_id), utc_now()
    workflow = cases.workflow_of(uow, case)
    chosen = _chosen(workflow, case, transition)
    if solution is not None:
        case.change({"solution": solution})
    if missing := unmet(chosen.preconditions, cases.held(uow, case), uow.call.locale):
        raise PreconditionsUnmet(unmet=[{"name": each.name, "detail": each.detail} for each in missing])
    followed = take(uow, case, workflow, chosen, at)
    return cases.shown(uow, followed, at)


def take(
    uow: UnitOfWork, case: Case, workflow: Workflow, transition: Transition, at: datetime, *, however_late: bool = False
) -> Case:
    """Take a transition whose preconditions hold; returns the case, or the new one that follows it.

    With ``however_late`` the days of the SLA policy after which a case is not reopened any more do not count.
    """
    state = workflow.state(transition.to)
    reopened = case.category.is_done and not state.category.is_done
    with uow.session.no_autoflush:
        found = clocks.clocks_of(uow, case.id)
        if reopened and not however_late and sla.reopening_is_too_late(uow, case, found, at):
            return follow(uow, case)
        desk = sla.desk(uow, case, at)
        case.enter(state, transition, at)
        sla.entered(uow, desk, state, reopened=reopened)
        if state.category.is_done and case.first_response_at is None and desk.clocks:
            case.first_response_at = at
    sla.keep(uow, desk)
    if case.category.is_done and case.resolved_at == at:
        surveys.await_survey(uow, case, at)
    elif reopened:
        uow.cancel_timer(surveys.SEND, str(case.id))
    return case


def reopen_for_customer(uow: UnitOfWork, case: Case, at: datetime, *, however_late: bool = False) -> Case:
    """Have work go on because the customer wrote, where the workflow has a way; returns the case to work on."""
    workflow = cases.workflow_of(uow, case)
    if case.category is Category.OPEN:
        return case
    ways = [each for each in workflow.leading_from(case.state) if workflow.state(each.to).category is Category.OPEN]
    held = cases.held(uow, case) if ways else {}
    for way in ways:
        if not unmet(way.preconditions, held, uow.call.locale):
            return take(uow, case, workflow, way, at, however_late=however_late)
    return case


def follow(uow: UnitOfWork, case: Case, *, keep_owner: bool = True) -> Case:
    """Register a new case that takes up again what an old one was about; whoever had that has it too."""
    copied: dict[str, Any] = {
        name: getattr(case, name)
        for name in ("subject", "person_id", "company_id", "contact_email", "locale", "channel", "priority", "group_id")
    }
    return registering.create_case(
        uow,
        type_id=case.type_id,
        fields=dict(case.fields),
        responsible_id=case.owner_id if keep_owner else None,
        resolver_id=case.resolver_id if keep_owner else None,
        follows_id=case.id,
        **copied,
    )


def _chosen(workflow: Workflow, case: Case, wanted: str) -> Transition:
    possible = workflow.leading_from(case.state)
    for each in possible:
        if wanted in {each.key, each.to}:
            return each
    named = ", ".join(each.key for each in possible) or "–"
    name = next((state.name for state in workflow.states if state.key == case.state), case.state)
    raise TransitionImpossible(state=case.state, name=name, transition=wanted, possible=named)
