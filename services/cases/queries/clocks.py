"""The clocks of cases, and which policy and calendar a case is measured by."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import load_only

from chassis import aliases
from chassis.clock import utc_now
from chassis.db.prepared import Prepared
from chassis.unit_of_work import UnitOfWork
from services.cases.domain.calendar import CalendarVersion
from services.cases.domain.cards import Account, ClockCard, account, clock_card
from services.cases.domain.case import Because, Case
from services.cases.domain.case_clocks import CaseClocks
from services.cases.domain.case_type import EffectiveType
from services.cases.domain.clock_record import SlaClock
from services.cases.domain.sla_clock import ClockState, Metric
from services.cases.domain.sla_policy import SlaPolicy
from services.cases.queries import calendars, policies, rules

_BORN_WITH: Final = frozenset({"id", "case_id", "metric", "instance", "trigger_id", "started_at", "created_at"})


def _updating(table: Any, names: list[str]) -> Prepared:
    return Prepared(sa.update(table).where(table.c.id == sa.bindparam("row_id", type_=table.c.id.type)), names)


_CLOCK_NAMES: Final = [each.key for each in sa.inspect(SlaClock).columns if each.key not in _BORN_WITH]
_CLOCK: Final = _updating(SlaClock.__table__, _CLOCK_NAMES)
# What the clocks of a case change of it, unless one of them has something to tell.
_CASE_NAMES: Final = ["sla_state", "next_due_at", "alarm_at", "version", "updated_at", "event_count"]
_CASE: Final = _updating(Case.__table__, _CASE_NAMES)
# What clocks look at, and what their events say; of a case that has more to tell the rest is loaded then.
_CASE_SEEN: Final = load_only(
    *(Case.number, Case.person_id, Case.company_id, Case.owner_id, Case.group_id, Case.resolver_id),
    *(Case.sla_state, Case.next_due_at, Case.alarm_at, Case.version, Case.updated_at, Case.event_count),
)


def clocks_of(uow: UnitOfWork, case_id: UUID) -> list[SlaClock]:
    """Return the clocks of a case in the order in which they started."""
    query = sa.select(SlaClock).where(SlaClock.case_id == case_id).order_by(SlaClock.id)
    return list(uow.session.scalars(query))


def cards(uow: UnitOfWork, clocks: Sequence[SlaClock], at: datetime) -> list[ClockCard]:
    """Return clocks as they stand at an instant."""
    return [
        clock_card(
            clock,
            clock.reading(at, calendars.time_of(uow, clock.calendar_version_id)),
            policies.terms_of(uow, clock.policy_version_id),
        )
        for clock in clocks
    ]


def accounts(uow: UnitOfWork, clocks: Sequence[SlaClock], at: datetime) -> list[Account]:
    """Return clocks with the account of every minute up to an instant."""
    found = []
    for clock in clocks:
        time = calendars.time_of(uow, clock.calendar_version_id)
        terms = policies.terms_of(uow, clock.policy_version_id)
        found.append(account(clock, clock.reading(at, time), terms, time))
    return found


def policy_for(uow: UnitOfWork, case: Case, type_: EffectiveType) -> tuple[SlaPolicy, Because] | None:
    """Return the policy that holds for a case and why: its customer's, its type's, its priority's, the default."""
    born = case.created_at
    fitting = [
        policy
        for policy in rules.current(uow).policies.values()
        if policy.active and (policy.applies_from is None or policy.applies_from <= born)
    ]
    known_as = _known_as(uow, case.company_id) if any(policy.company_ids for policy in fitting) else set()
    conditions = (
        (Because.CUSTOMER, lambda policy: not known_as.isdisjoint(policy.company_ids)),
        (Because.TYPE, lambda policy: policy.id == type_.sla_policy_id),
        (Because.PRIORITY, lambda policy: not policy.is_default and case.priority in policy.priorities),
        (Because.DEFAULT, lambda policy: policy.is_default),
    )
    for because, fits in conditions:
        for policy in fitting:
            if fits(policy):
                return policy, because
    return None


def hours_for(uow: UnitOfWork, case: Case, policy: SlaPolicy, metric: Metric) -> UUID | None:
    """Return the version of the calendar by which a metric of a case counts from now on."""
    known = rules.current(uow)
    companies = _known_as(uow, case.company_id) if known.company_hours else ()
    return known.hours_of(policy, metric, companies=companies, group_id=case.group_id)


def _known_as(uow: UnitOfWork, company_id: UUID | None) -> set[UUID]:
    """Return the ids by which a policy may name a company: what is promised to one that was merged stays promised."""
    return set() if company_id is None else set(aliases.family_of(uow.session, uow.metadata, company_id))


def versions_of(uow: UnitOfWork, calendar_id: UUID) -> set[UUID]:
    """Return all versions of a calendar."""
    return set(uow.session.scalars(sa.select(CalendarVersion.id).where(CalendarVersion.calendar_id == calendar_id)))


def cases_by_older_hours(
    uow: UnitOfWork, calendar_id: UUID, hours_id: UUID, after: UUID | None, limit: int
) -> list[UUID]:
    """Return the next cases that have open clocks, not late, by another version of a calendar than ``hours_id``."""
    older = sa.select(CalendarVersion.id).where(
        CalendarVersion.calendar_id == calendar_id, CalendarVersion.id != hours_id
    )
    query = (
        sa.select(SlaClock.case_id)
        .where(
            SlaClock.calendar_version_id.in_(older),
            SlaClock.state.in_([ClockState.RUNNING, ClockState.PAUSED]),
            SlaClock.breached_at.is_(None),
        )
        .distinct()
        .order_by(SlaClock.case_id)
        .limit(limit)
    )
    return list(uow.session.scalars(query if after is None else query.where(SlaClock.case_id > after)))


def rewrite(uow: UnitOfWork, desk: CaseClocks) -> None:
    """Write a case and its clocks, where they changed, together with the events; whoever calls holds the case locked.

    A case whose clocks had something to tell, which may have passed it on, is left to the session.
    """
    for clock in desk.clocks:
        _write(uow, clock, _CLOCK, _CLOCK_NAMES)
    if desk.has_told:
        uow.session.refresh(desk.case, sa.inspect(desk.case).unloaded)
    else:
        _write(uow, desk.case, _CASE, _CASE_NAMES)


def _write(uow: UnitOfWork, record: SlaClock | Case, statement: Prepared, names: list[str]) -> None:
    state: Any = sa.inspect(record)
    if state.modified and state.persistent:
        values = {name: state.dict[name] for name in names}
        changed = {"row_id": record.id, "version": record.version + 1, "updated_at": utc_now()}
        uow.write_behind(record, statement, {**values, **changed})


def of_cases(uow: UnitOfWork, case_ids: Sequence[UUID], *, whole: bool = True) -> list[tuple[Case, list[SlaClock]]]:
    """Return cases with all their clocks; whoever wants to change one of them waits.

    Where only clocks change, ``whole=False`` leaves out of a case what these do not look at.
    """
    wanted = sa.select(Case).where(Case.id.in_(case_ids))
    if not whole:
        wanted = wanted.options(_CASE_SEEN)
    found = uow.session.scalars(wanted.order_by(Case.id).with_for_update())
    clocks: dict[UUID, list[SlaClock]] = {}
    for clock in uow.session.scalars(sa.select(SlaClock).where(SlaClock.case_id.in_(case_ids)).order_by(SlaClock.id)):
        clocks.setdefault(clock.case_id, []).append(clock)
    return [(case, clocks.get(case.id, [])) for case in found]
