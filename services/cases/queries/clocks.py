"""The clocks of cases, and which policy and calendar a case is measured by."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from chassis import aliases
from chassis.clock import utc_now
from chassis.db.prepared import Prepared
from chassis.unit_of_work import UnitOfWork
from services.cases.domain.calendar import CalendarVersion
from services.cases.domain.cards import Account, ClockCard, account, clock_card
from services.cases.domain.case import Because, Case
from services.cases.domain.case_type import EffectiveType
from services.cases.domain.clock_record import SlaClock
from services.cases.domain.sla_clock import ClockState
from services.cases.domain.sla_policy import SlaPolicy
from services.cases.queries import calendars, policies, rules

_TABLE: Final[Any] = SlaClock.__table__
_NAMES: Final = [column.key for column in _TABLE.c]


def _rewriting(insert: Any) -> Prepared:
    changes = {name: insert.excluded[name] for name in _NAMES if name != "id"}
    return Prepared(insert.on_conflict_do_update(index_elements=["id"], set_=changes), _NAMES)


_REWRITE: Final = {"postgresql": _rewriting(postgresql.insert(_TABLE)), "sqlite": _rewriting(sqlite.insert(_TABLE))}


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


def rewrite(uow: UnitOfWork, clocks: Sequence[SlaClock]) -> None:
    """Write clocks that changed all at once with the events; whoever calls holds their cases locked."""
    statement = _REWRITE[uow.session.get_bind().dialect.name]
    for clock in clocks:
        if uow.session.is_modified(clock):
            uow.session.expunge(clock)
            values = {name: getattr(clock, name) for name in _NAMES}
            uow.append(statement, {**values, "version": clock.version + 1, "updated_at": utc_now()})


def of_cases(uow: UnitOfWork, case_ids: Sequence[UUID]) -> list[tuple[Case, list[SlaClock]]]:
    """Return cases with all their clocks; whoever wants to change one of them waits."""
    found = uow.session.scalars(sa.select(Case).where(Case.id.in_(case_ids)).order_by(Case.id).with_for_update())
    clocks: dict[UUID, list[SlaClock]] = {}
    for clock in uow.session.scalars(sa.select(SlaClock).where(SlaClock.case_id.in_(case_ids)).order_by(SlaClock.id)):
        clocks.setdefault(clock.case_id, []).append(clock)
    return [(case, clocks.get(case.id, [])) for case in found]
