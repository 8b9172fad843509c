"""The configuration that cases are born by: read once in a process for as long as nobody changes it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from chassis.db.prepared import Prepared
from chassis.ids import new_id
from chassis.unit_of_work import UnitOfWork
from services.cases.domain.calendar import Calendar
from services.cases.domain.case_type import CaseType, EffectiveType, effective
from services.cases.domain.reopening_rule import ReopeningRule
from services.cases.domain.rules_stamp import ONLY, RulesStamp
from services.cases.domain.sla_clock import Metric
from services.cases.domain.sla_policy import SlaPolicy
from services.cases.domain.type_version import TypeVersion
from services.cases.domain.workflow import Workflow

_STAMP: Final = Prepared(sa.select(RulesStamp.stamp).where(RulesStamp.row == ONLY))
_MOST_KEPT: Final = 8
_HELD: Final = "case_rules"


@dataclass(frozen=True)
class Rules:
    """Types, workflows, policies and calendars, to be looked at only: they belong to no session."""

    types: Mapping[UUID, CaseType]
    policies: Mapping[UUID, SlaPolicy]
    workflows: Mapping[UUID, Workflow]
    hours: Mapping[UUID, UUID]
    default_hours: UUID | None
    company_hours: Mapping[UUID, UUID]
    group_hours: Mapping[UUID, UUID]
    default_workflow: Workflow | None
    branches: frozenset[UUID]
    type_versions: Mapping[UUID, int]
    reopening: Mapping[UUID | None, ReopeningRule]

    def reopening_rule(self, group_id: UUID | None) -> ReopeningRule | None:
        """Return what an area does when the customer of a case that is over writes; None where no rule says it."""
        return self.reopening.get(group_id) or self.reopening.get(None)

    def effective(self, type_id: UUID | None) -> EffectiveType:
        """Return what holds for a type; nothing for none, or for one that is gone."""
        found = None if type_id is None else self.types.get(type_id)
        if found is None:
            return EffectiveType(path=[])
        return effective([*(self.types[id_] for id_ in found.ancestor_ids), found])

    def hours_of(
        self, policy: SlaPolicy, metric: Metric, *, companies: Iterable[UUID] = (), group_id: UUID | None = None
    ) -> UUID | None:
        """Return the version of the calendar that a metric counts by.

        The policy's for that metric, the policy's, that of a company (by any of its ids), that of an area, the default.
        """
        calendar_id = policy.calendar_of(metric)
        if calendar_id is not None:
            return self.hours.get(calendar_id)
        of_company = (self.company_hours[each] for each in companies if each in self.company_hours)
        of_area = None if group_id is None else self.group_hours.get(group_id)
        return next(of_company, None) or of_area or self.default_hours


# By stamp. Stamps are never used twice.
_known: dict[UUID, Rules] = {}


def current(uow: UnitOfWork) -> Rules:
    """Return the configuration as this transaction sees it."""
    held: Rules | None = uow.session.info.get(_HELD)
    if held is not None:
        return held
    rows = _STAMP.rows(uow.session, {})
    stamp: UUID | None = rows[0][0] if rows else None
    found = None if stamp is None else _known.get(stamp)
    if found is None:
        found = _read(uow)
        if stamp is not None:
            while len(_known) >= _MOST_KEPT:
                _known.pop(next(iter(_known)))
            _known[stamp] = found
    uow.session.info[_HELD] = found
    return found


def changed(uow: UnitOfWork) -> None:
    """Note that this transaction changes the configuration; other processes read it anew from its commit on."""
    uow.session.info.pop(_HELD, None)
    dialect = sqlite if uow.session.get_bind().dialect.name == "sqlite" else postgresql
    values = {"row": ONLY, "stamp": new_id()}
    insert = dialect.insert(RulesStamp.__table__).values(values)
    uow.session.connection().execute(
        insert.on_conflict_do_update(index_elements=["row"], set_={"stamp": values["stamp"]})
    )


def _read(uow: UnitOfWork) -> Rules:
    uow.session.flush()
    # A session of its own on the same transaction: what is kept belongs to nobody.
    with Session(bind=uow.session.connection(), autoflush=False, expire_on_commit=False) as session:
        types = {each.id: each for each in session.scalars(sa.select(CaseType))}
        policies = session.scalars(sa.select(SlaPolicy).order_by(SlaPolicy.position, SlaPolicy.id)).all()
        workflows = {each.id: each for each in session.scalars(sa.select(Workflow))}
        calendars = session.scalars(sa.select(Calendar)).all()
        newest = sa.select(TypeVersion.type_id, sa.func.max(TypeVersion.number)).group_by(TypeVersion.type_id)
        versions = {row[0]: row[1] for row in session.execute(newest)}
        reopening = {each.group_id: each for each in session.scalars(sa.select(ReopeningRule))}
        session.expunge_all()
    return Rules(
        types=types,
        policies={each.id: each for each in policies},
        workflows=workflows,
        hours={each.id: each.hours_id for each in calendars},
        default_hours=next((each.hours_id for each in calendars if each.is_default), None),
        company_hours={id_: each.hours_id for each in calendars for id_ in each.company_ids},
        group_hours={id_: each.hours_id for each in calendars for id_ in each.group_ids},
        default_workflow=next((each for each in workflows.values() if each.is_default), None),
        branches=frozenset(each.parent_id for each in types.values() if each.parent_id and each.active),
        type_versions=versions,
        reopening=reopening,
    )
