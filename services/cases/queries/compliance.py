"""How well service levels were kept, of the cases that the caller may see."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from chassis.clock import utc_now
from chassis.db.alias_tables import canonical
from chassis.unit_of_work import UnitOfWork
from services.cases.domain.case import Case
from services.cases.domain.clock_record import SlaClock
from services.cases.domain.compliance import DEFINITION, Compliance, ComplianceRow, Dimension, period, share
from services.cases.domain.sla_clock import ClockState, Metric
from services.cases.domain.sla_policy import PolicyVersion
from services.cases.errors import PeriodIsEmpty
from services.cases.queries import rules

_COLUMNS: Final[Mapping[Dimension, Any]] = {
    Dimension.POLICY: PolicyVersion.policy_id,
    Dimension.PRIORITY: Case.priority,
    Dimension.TYPE: Case.type_id,
    Dimension.GROUP: Case.group_id,
    Dimension.RESPONSIBLE: Case.owner_id,
    Dimension.RESOLVER: Case.resolver_id,
    Dimension.COMPANY: Case.company_id,
}
_OPEN: Final = (ClockState.RUNNING, ClockState.PAUSED)


def compliance(
    uow: UnitOfWork,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    by: Dimension | None = None,
    metric: Metric | None = None,
    **of: Any,
) -> Compliance:
    """Return what was met and breached in a period, for each metric and each value of what it is split by.

    ``of`` narrows it down: ``priority``, or ``policy_id``, ``group_id`` … as the dimensions are called. Raises
    ``PeriodIsEmpty``.
    """
    since, until = period(since, until, utc_now())
    if since >= until:
        raise PeriodIsEmpty(since=since.isoformat(), until=until.isoformat())
    ended = sa.and_(SlaClock.state == ClockState.MET, SlaClock.met_at >= since, SlaClock.met_at < until)
    late = sa.and_(SlaClock.state.in_(_OPEN), SlaClock.breached_at < until)
    split = sa.null() if by is None else _COLUMNS[by]
    counted = [
        sa.func.count(sa.case((sa.and_(ended, SlaClock.breached_at.is_(None)), 1))),
        sa.func.count(sa.case((sa.and_(ended, SlaClock.breached_at.is_not(None)), 1))),
        sa.func.count(sa.case((late, 1))),
    ]
    query = (
        uow.scoped(sa.select(SlaClock.metric, split, *counted).select_from(SlaClock), Case)
        .join(Case, Case.id == SlaClock.case_id)
        .join(PolicyVersion, PolicyVersion.id == SlaClock.policy_version_id)
        .where(sa.or_(ended, late), *_narrowed(metric, of))
        .group_by(SlaClock.metric, *([] if by is None else [split]))
    )
    found = [
        ComplianceRow(
            metric=of_metric,
            key=None if key is None else str(key),
            name=_name(uow, by, key),
            met=met,
            breached=breached,
            compliance_percent=share(met, breached),
            open_breached=open_breached,
        )
        for of_metric, key, met, breached, open_breached in uow.session.execute(query)
    ]
    return Compliance(
        since=since,
        until=until,
        by=by,
        definition=DEFINITION.in_(uow.call.locale),
        rows=sorted(found, key=lambda row: (list(Metric).index(row.metric), row.name or "", row.key or "")),
    )


def _narrowed(metric: Metric | None, of: Mapping[str, Any]) -> list[Any]:
    wanted = {Dimension(name.removesuffix("_id")): value for name, value in of.items() if value is not None}
    if Dimension.COMPANY in wanted:
        wanted[Dimension.COMPANY] = canonical(wanted[Dimension.COMPANY])
    conditions = [_COLUMNS[dimension] == value for dimension, value in wanted.items()]
    return conditions if metric is None else [*conditions, SlaClock.metric == metric]


def _name(uow: UnitOfWork, by: Dimension | None, key: Any) -> str | None:
    """Return what a policy or a type is called; none for what is gone."""
    known = rules.current(uow)
    if by is Dimension.POLICY and key in known.policies:
        return known.policies[key].name
    if by is Dimension.TYPE and key in known.types:
        return known.types[key].name.in_(uow.call.locale)
    return None
