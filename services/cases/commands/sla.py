"""Starting, following and keeping the clocks of a case."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import Final
from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.cases.domain.case import Because, Case
from services.cases.domain.case_clocks import CaseClocks
from services.cases.domain.case_type import EffectiveType
from services.cases.domain.clock_record import SlaClock
from services.cases.domain.sla_clock import Basis, Metric
from services.cases.domain.sla_policy import SlaPolicy
from services.cases.domain.sla_terms import NextResponse, OnChange, OnReopening, Terms
from services.cases.domain.workflow import State
from services.cases.queries import calendars, clocks, policies, rules

ALARM: Final = "case-alarm"


def desk(uow: UnitOfWork, case: Case, at: datetime) -> CaseClocks:
    """Return the clocks of a case at an instant, having told what fell due until then."""
    return desk_of(uow, case, clocks.clocks_of(uow, case.id), at)


def begin(uow: UnitOfWork, case: Case, held: tuple[SlaPolicy, Because] | None, at: datetime) -> CaseClocks:
    """Return the clocks of a new case, running by the policy that holds for it; none where no policy does."""
    desk = desk_of(uow, case, [], at)
    if held is not None:
        policy, case.policy_because = held
        case.policy_id = policy.id
        terms = policies.terms_of(uow, policy.terms_id)
        for metric in (Metric.FIRST_RESPONSE, Metric.RESOLUTION):
            target, version = terms.target(metric, case.priority), clocks.hours_for(uow, case, policy, metric)
            if target is not None and version is not None:
                desk.start(metric, target, policy_version_id=policy.terms_id, calendar_version_id=version)
    return desk


def answered(uow: UnitOfWork, desk: CaseClocks) -> None:
    """We answered the customer: what waited for that is met; where answers are owed regularly the next one is."""
    desk.meet(Metric.FIRST_RESPONSE, Metric.NEXT_RESPONSE)
    terms = _terms(uow, desk)
    if terms is not None and terms.next_response is NextResponse.PERIODIC and not desk.case.category.is_done:
        _start_next(uow, desk, terms, None)


def asked(uow: UnitOfWork, desk: CaseClocks, entry_id: UUID) -> None:
    """The customer wrote: the next answer is owed from the first message that nobody answered."""
    terms = _terms(uow, desk)
    waits = desk.open(Metric.FIRST_RESPONSE, Metric.NEXT_RESPONSE)
    if terms is not None and terms.next_response is NextResponse.UNANSWERED and not waits:
        _start_next(uow, desk, terms, entry_id)


def waits_since(uow: UnitOfWork, desk: CaseClocks, since: datetime | None, because: str) -> None:
    """The first message that nobody answered is another one, or there is none: so is the clock that waits for it."""
    terms = _terms(uow, desk)
    if terms is None or terms.next_response is not NextResponse.UNANSWERED or desk.open(Metric.FIRST_RESPONSE):
        return
    for clock in desk.open(Metric.NEXT_RESPONSE):
        if clock.started_at != since:
            desk.cancel(Metric.NEXT_RESPONSE, because=because)
    if since is not None and not desk.open(Metric.NEXT_RESPONSE):
        _start_next(uow, desk, terms, None, since)


def entered(uow: UnitOfWork, desk: CaseClocks, state: State, *, reopened: bool) -> None:
    """The case is in another state: its clocks are met, stand still, run on or start anew."""
    if state.category.is_done:
        desk.meet(*Metric)
        return
    if reopened:
        terms = _terms(uow, desk)
        before = desk.latest(Metric.RESOLUTION)
        if terms is not None and before is not None and terms.on_reopening is OnReopening.CONTINUE:
            desk.go_on(Metric.RESOLUTION)
        elif terms is not None and before is not None and terms.on_reopening is OnReopening.RESTART:
            _start_again(desk, before)
        if terms is not None and terms.next_response is NextResponse.PERIODIC and desk.case.first_response_at:
            _start_next(uow, desk, terms, None)
    desk.stand_still(state.pauses)


def follow_policy(uow: UnitOfWork, desk: CaseClocks, type_: EffectiveType) -> None:
    """The case's customer, type or priority changed, and with it perhaps what is promised."""
    case = desk.case
    held = clocks.policy_for(uow, case, type_)
    if held is None:
        return
    policy, because = held
    if case.policy_id != policy.id:
        case.policy_id, case.policy_because = policy.id, because
    if policy.on_change is OnChange.NEW_CASES:
        return
    terms = policies.terms_of(uow, policy.terms_id)
    basis = Basis.FROM_CHANGE if policy.on_change is OnChange.FROM_CHANGE else Basis.FROM_START
    for clock in desk.open(*Metric):
        target = terms.target(clock.metric, case.priority)
        hours = clocks.hours_for(uow, case, policy, clock.metric)
        if target is None:
            desk.cancel(clock.metric, because="policy")
            continue
        # Other hours of the same calendar reach the clock by themselves.
        if hours is not None and not _same_calendar(uow, hours, clock.calendar_version_id):
            desk.recalendar(clock, hours)
        desk.retarget(clock, target, policy.terms_id, basis)
    _begin_what_is_new(uow, desk, policy, terms)


def keep(uow: UnitOfWork, desk: CaseClocks) -> None:
    """Save what became of the clocks, and have the next alarm ring. The case itself is saved already."""
    at = desk.settle()
    for clock in desk.started:
        uow.add(clock)
    case = desk.case
    # A timer that rings before there is something to tell is cheaper than moving it whenever something happens.
    if at is not None and (case.alarm_at is None or at < case.alarm_at):
        case.alarm_at = at
        uow.schedule(ALARM, at, key=str(case.id))


def reopening_is_too_late(uow: UnitOfWork, case: Case, found: Iterable[SlaClock], at: datetime) -> bool:
    """Whether a resolved case has to be followed by a new one instead of being reopened."""
    resolution = [clock for clock in found if clock.metric is Metric.RESOLUTION]
    if not resolution or case.resolved_at is None:
        return False
    terms = policies.terms_of(uow, resolution[-1].policy_version_id)
    time = calendars.time_of(uow, resolution[-1].calendar_version_id)
    return time.days(case.resolved_at, at) > terms.reopening_days


def desk_of(uow: UnitOfWork, case: Case, found: list[SlaClock], at: datetime) -> CaseClocks:
    """Return these clocks of a case at an instant, having told what fell due until then."""
    return CaseClocks(case, found, partial(calendars.time_of, uow), partial(policies.terms_of, uow), at)


def _begin_what_is_new(uow: UnitOfWork, desk: CaseClocks, policy: SlaPolicy, terms: Terms) -> None:
    """Start, from now on, what was not promised for the case before; nobody becomes late by it in the past."""
    case, known = desk.case, rules.current(uow)
    wanted = [Metric.RESOLUTION] if case.first_response_at else [Metric.FIRST_RESPONSE, Metric.RESOLUTION]
    for metric in wanted:
        target, hours = terms.target(metric, case.priority), clocks.hours_for(uow, case, policy, metric)
        if target is not None and hours is not None and desk.latest(metric) is None and not case.category.is_done:
            desk.start(metric, target, policy_version_id=policy.terms_id, calendar_version_id=hours)
    if desk.started:
        desk.stand_still(known.workflows[case.workflow_id].state(case.state).pauses)


def _same_calendar(uow: UnitOfWork, one: UUID, other: UUID) -> bool:
    return one == other or calendars.calendar_of(uow, one) == calendars.calendar_of(uow, other)


def _start_next(
    uow: UnitOfWork, desk: CaseClocks, terms: Terms, trigger_id: UUID | None, since: datetime | None = None
) -> None:
    target = terms.target(Metric.NEXT_RESPONSE, desk.case.priority)
    before = desk.latest(Metric.RESOLUTION) or desk.latest(Metric.FIRST_RESPONSE)
    known = rules.current(uow)
    policy = None if desk.case.policy_id is None else known.policies.get(desk.case.policy_id)
    if target is None or before is None or policy is None:
        return
    version = clocks.hours_for(uow, desk.case, policy, Metric.NEXT_RESPONSE) or before.calendar_version_id
    desk.start(
        Metric.NEXT_RESPONSE,
        target,
        policy_version_id=before.policy_version_id,
        calendar_version_id=version,
        trigger_id=trigger_id,
        since=since,
    )


def _start_again(desk: CaseClocks, before: SlaClock) -> None:
    desk.start(
        Metric.RESOLUTION,
        timedelta(seconds=before.target_seconds),
        policy_version_id=before.policy_version_id,
        calendar_version_id=before.calendar_version_id,
    )


def _terms(uow: UnitOfWork, desk: CaseClocks) -> Terms | None:
    latest = desk.latest(Metric.RESOLUTION) or desk.latest(Metric.FIRST_RESPONSE)
    return None if latest is None else policies.terms_of(uow, latest.policy_version_id)
