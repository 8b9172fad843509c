"""Having open cases follow a policy that changed: those that it was for, and those that it is for now."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from chassis.clock import utc_now
from chassis.jobs import JobRun
from chassis.unit_of_work import UnitOfWork
from services.cases.commands import sla
from services.cases.domain.case import Case
from services.cases.domain.case_clocks import CaseClocks
from services.cases.domain.clock_record import SlaClock
from services.cases.domain.sla_clock import Metric
from services.cases.domain.sla_policy import SlaPolicy
from services.cases.queries import clocks, policies, type_versions

FOLLOW: Final = "follow-policy"


def await_following(uow: UnitOfWork, policy: SlaPolicy, *, all_cases: bool) -> None:
    """Have open cases follow the policy in the background; ``all_cases`` where it may be for others than before.

    A job for an earlier change that has not ended gives way to this one, which does what was left of it.
    """
    data = {"policy_id": str(policy.id), "all_cases": all_cases or policy.awaits_recalculation}
    policy.await_recalculation(uow.start_job(FOLLOW, data))


def next_cases(uow: UnitOfWork, run: JobRun, after: UUID | None, limit: int) -> list[UUID]:
    """Return the next open cases that the policy may concern; none once it changed again or was deleted."""
    policy = uow.session.get(SlaPolicy, UUID(run.data["policy_id"]))
    if policy is None or policy.recalculation_job_id != run.id:
        return []
    return policies.open_cases(uow, None if run.data["all_cases"] else policy.id, after, limit)


def follow(uow: UnitOfWork, policy_id: UUID, case_ids: Sequence[UUID]) -> tuple[int, int]:
    """Have those of these cases that the policy was or is for follow it.

    Returns how many open clocks they have, and how many of them fall due at another instant now.
    """
    at, examined, moved = utc_now(), 0, 0
    with uow.session.no_autoflush:
        for case, found in clocks.of_cases(uow, case_ids):
            if _concerns(uow, policy_id, case):
                desk = sla.desk_of(uow, case, found, at)
                before = [(clock, clock.due_at, clock.target_seconds) for clock in desk.open(*Metric)]
                sla.follow_policy(uow, desk, type_versions.of_case(uow, case))
                sla.keep(uow, desk)
                examined += len(before) + len(desk.started)
                moved += _moved(desk, before)
    return examined, moved


def conclude(uow: UnitOfWork, run: JobRun, examined: int, moved: int) -> None:
    """Say on the policy, unless it changed again or is gone, how many clocks there were and how many moved."""
    policy = policies.kept(uow, UUID(run.data["policy_id"]))
    if policy is not None and policy.recalculation_job_id == run.id:
        policy.note_recalculation(examined, moved)


def _concerns(uow: UnitOfWork, policy_id: UUID, case: Case) -> bool:
    held = clocks.policy_for(uow, case, type_versions.of_case(uow, case))
    return policy_id in {case.policy_id, held and held[0].id}


def _moved(desk: CaseClocks, before: Sequence[tuple[SlaClock, datetime | None, int]]) -> int:
    changed = sum((clock.due_at, clock.target_seconds) != (due, target) for clock, due, target in before)
    return changed + len(desk.started)
