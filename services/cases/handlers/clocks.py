"""What is due: clocks that have something to tell, surveys, and open clocks that count by other rules now."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from chassis.clock import utc_now
from chassis.jobs import JobRun, job
from chassis.timers import Due, every, timer
from chassis.unit_of_work import UnitOfWork
from services.cases.commands import policy_changes, recalculation, sla, surveys, type_versions
from services.cases.commands.calendars import RECALCULATE
from services.cases.commands.policy_changes import FOLLOW
from services.cases.commands.type_versions import PROPAGATE
from services.cases.domain.case import Case
from services.cases.queries import reopening

_REMEMBERED: Final = timedelta(days=1)  # more than the hour that counts, so that it can be looked up
_AHEAD: Final = 5_000  # cases looked up at once: finding the first of them reads what is left of all
_BATCH: Final = 200  # cases in one transaction: others who want one of them wait no longer than that takes


@timer(sla.ALARM, of=Case)
def ring(uow: UnitOfWork, due: Due) -> None:
    """A clock of a case has something to tell: a warning, a breach, a level of escalation, or several after an outage.

    What was told already is noted on the clock, so that firing twice tells once.
    """
    case = uow.get(Case, UUID(due.key))
    case.alarm_at = None
    with uow.session.no_autoflush:
        desk = sla.desk(uow, case, utc_now())
    sla.keep(uow, desk)


@timer(surveys.SEND, of=Case)
def send_survey(uow: UnitOfWork, due: Due) -> None:
    """A case was resolved a while ago: its customer is asked, if it still is."""
    surveys.send_if_due(uow, uow.get(Case, UUID(due.key)))


@every(timedelta(hours=1), "cases.forget-reopenings")
def forget_reopenings(uow: UnitOfWork) -> None:
    """Whose mails reopened which case is remembered for a day."""
    reopening.forget(uow, utc_now() - _REMEMBERED)


@job(RECALCULATE)
def recalculate_clocks(run: JobRun) -> dict[str, Any]:
    """A calendar has other hours: its open clocks fall due at other instants."""
    calendar_id = UUID(run.data["calendar_id"])
    counts = _walk(
        run,
        lambda uow, after: recalculation.next_cases(uow, calendar_id, after, _AHEAD),
        lambda uow, found: recalculation.recalculate(uow, calendar_id, found),
    )
    with run.transaction() as uow:
        recalculation.conclude(uow, calendar_id, counts["examined"], counts["moved"])
    return counts


@job(FOLLOW)
def follow_policy(run: JobRun) -> dict[str, Any]:
    """A policy promises something else, or to others: open cases follow it, by its own setting."""
    policy_id = UUID(run.data["policy_id"])
    counts = _walk(
        run,
        lambda uow, after: policy_changes.next_cases(uow, run, after, _AHEAD),
        lambda uow, found: policy_changes.follow(uow, policy_id, found),
    )
    with run.transaction() as uow:
        policy_changes.conclude(uow, run, **counts)
    return counts


@job(PROPAGATE)
def propagate_type(run: JobRun) -> dict[str, Any]:
    """A type was changed and open cases are to follow: they keep to its latest version from now on."""
    counts = _walk(run, lambda uow, after: type_versions.next_cases(uow, run, after, _AHEAD), type_versions.follow)
    with run.transaction() as uow:
        type_versions.conclude(uow, run, **counts)
    return counts


def _walk(
    run: JobRun,
    ahead: Callable[[UnitOfWork, UUID | None], Sequence[UUID]],
    work: Callable[[UnitOfWork, Sequence[UUID]], tuple[int, int]],
) -> dict[str, int]:
    """Work on cases batch by batch, from where the job stood; returns how many clocks were examined and moved."""
    reached: dict[str, Any] = run.saved or {"after": None, "examined": 0, "moved": 0}
    while True:
        with run.reading() as uow:
            found = ahead(uow, reached["after"] and UUID(reached["after"]))
        if not found:
            return {"examined": reached["examined"], "moved": reached["moved"]}
        for start in range(0, len(found), _BATCH):
            batch = found[start : start + _BATCH]
            with run.transaction() as uow:
                examined, moved = work(uow, batch)
                reached = {
                    "after": str(batch[-1]),
                    "examined": reached["examined"] + examined,
                    "moved": reached["moved"] + moved,
                }
                run.checkpoint(reached)
            run.progress(reached["examined"])
