"""Questions about cases."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from chassis.clock import utc_now
from chassis.db.filters import filters_for, where
from chassis.db.paging import Page, PageRequest
from chassis.fields import AliasedId, Flag, Id
from chassis.unit_of_work import UnitOfWork
from services.cases.domain.cards import Account, Actions, ClockCard, Possibility, task_cards
from services.cases.domain.case import Case
from services.cases.domain.case_type import CaseType
from services.cases.domain.entry import Entry
from services.cases.domain.precondition import Precondition, unmet
from services.cases.domain.task import CaseTask, TaskState
from services.cases.domain.workflow import Category, Workflow
from services.cases.queries import clocks, rules

CASE_FILTERS = filters_for(
    Case,
    default_sort=("-id",),
    contact_id=where(AliasedId, lambda id_: sa.or_(Case.person_id == id_, Case.company_id == id_)),
    responsible_id=where(Id, lambda id_: Case.owner_id == id_),
    below_type_id=where(
        Id,
        lambda id_: Case.type_id.in_(
            sa.select(CaseType.id).where(
                sa.or_(CaseType.id == id_, sa.cast(CaseType.ancestor_ids, sa.Text).contains(str(id_)))
            )
        ),
    ),
    is_open=where(
        Flag,
        lambda wanted: (
            Case.category.in_([Category.OPEN, Category.WAITING])
            if wanted
            else Case.category.in_([Category.RESOLVED, Category.CLOSED])
        ),
    ),
)
ENTRY_FILTERS = filters_for(Entry, default_sort=("at", "id"))
_VERBS: tuple[tuple[str, str], ...] = (
    ("reply", "cases:write"),
    ("note", "cases:write"),
    ("assign", "cases:write"),
    ("escalate", "cases:write"),
    ("add-task", "cases:write"),
    ("merge", "cases:write"),
    ("split", "cases:write"),
    ("take-over", "cases:supervise"),
)
_FIELDS = (
    "subject",
    "description",
    "type_id",
    "fields",
    "person_id",
    "company_id",
    "contact_email",
    "locale",
    "priority",
    "project_id",
)


def case(uow: UnitOfWork, case_id: UUID) -> Case:
    """Return a case with its clocks as they stand now, and its tasks; of a merged one the case that took it up.

    Raises ``NotFound``.
    """
    found = uow.get(Case, case_id)
    survivor = in_reach(uow, found)
    canonical = {"canonical_id": survivor.id} if survivor is not found else {}
    return shown(uow, survivor, utc_now()).showing(**canonical)


def in_reach(uow: UnitOfWork, found: Case) -> Case:
    """Return the case that took this one up, where the caller may see it; otherwise the case itself."""
    if found.merged_into_id is None:
        return found
    query = uow.scoped(sa.select(Case).where(Case.id == found.merged_into_id), Case)
    return uow.session.scalars(query).one_or_none() or found


def to_change(uow: UnitOfWork, case_id: UUID) -> Case:
    """Return a case in order to change it. Raises ``NotFound``, ``VersionConflict``, ``CaseIsMerged``."""
    found = uow.change(Case, case_id)
    found.demand_unmerged()
    return found


def shown(uow: UnitOfWork, found: Case, at: datetime) -> Case:
    """Give a case its clocks and tasks, for the answer."""
    cards = clocks.cards(uow, clocks.clocks_of(uow, found.id), at)
    return found.showing(sla=cards, tasks=task_cards(tasks_of(uow, found.id)))


def cases(uow: UnitOfWork, page: PageRequest) -> Page[Any]:
    """Return a page of the cases that the caller may see."""
    return page.apply(uow.scoped(sa.select(Case), Case), uow.session)


def tasks_of(uow: UnitOfWork, case_id: UUID) -> list[CaseTask]:
    """Return the tasks of a case."""
    return list(uow.session.scalars(sa.select(CaseTask).where(CaseTask.case_id == case_id)))


def tasks(uow: UnitOfWork, case_id: UUID) -> list[CaseTask]:
    """Return the tasks of a case that the caller may see, in order. Raises ``NotFound``."""
    case_id = in_reach(uow, uow.get(Case, case_id)).id
    return sorted(tasks_of(uow, case_id), key=lambda task: (task.position, task.id))


def sla(uow: UnitOfWork, case_id: UUID) -> list[ClockCard]:
    """Return the clocks of a case as they stand now. Raises ``NotFound``."""
    uow.get(Case, case_id)
    return clocks.cards(uow, clocks.clocks_of(uow, case_id), utc_now())


def sla_explained(uow: UnitOfWork, case_id: UUID) -> list[Account]:
    """Return the clocks of a case, each with every minute of its life until now. Raises ``NotFound``."""
    uow.get(Case, case_id)
    return clocks.accounts(uow, clocks.clocks_of(uow, case_id), utc_now())


def entries(uow: UnitOfWork, case_id: UUID, page: PageRequest) -> Page[Any]:
    """Return a page of what was said in a case. Raises ``NotFound``."""
    case_id = in_reach(uow, uow.get(Case, case_id)).id
    return page.apply(sa.select(Entry).where(Entry.case_id == case_id), uow.session)


def entry(uow: UnitOfWork, entry_id: UUID) -> Entry:
    """Return an entry of a case that the caller may see. Raises ``NotFound``."""
    found = uow.get(Entry, entry_id)
    uow.get(Case, found.case_id)
    return found


def task(uow: UnitOfWork, task_id: UUID) -> CaseTask:
    """Return a task of a case that the caller may see. Raises ``NotFound``."""
    found = uow.get(CaseTask, task_id)
    uow.get(Case, found.case_id)
    return found


def held(uow: UnitOfWork, found: Case) -> Mapping[Precondition, bool]:
    """Return which preconditions hold for a case and the caller."""
    required = sa.exists().where(
        CaseTask.case_id == found.id, CaseTask.required.is_(True), CaseTask.state == TaskState.OPEN
    )
    return {
        Precondition.CUSTOMER_NAMED: found.person_id is not None or found.company_id is not None,
        Precondition.RESPONSIBLE_ASSIGNED: found.owner_id is not None,
        Precondition.RESOLVER_ASSIGNED: found.resolver_id is not None,
        Precondition.CUSTOMER_ANSWERED: found.first_response_at is not None,
        Precondition.NOTHING_UNANSWERED: found.waiting_since is None,
        Precondition.TASKS_DONE: not uow.session.scalar(sa.select(required)),
        Precondition.SOLUTION_WRITTEN: bool(found.solution),
        Precondition.SUPERVISOR: _reaches(uow, found, "cases:supervise"),
    }


def workflow_of(uow: UnitOfWork, found: Case) -> Workflow:
    """Return the workflow that a case follows."""
    return rules.current(uow).workflows[found.workflow_id]


def actions(uow: UnitOfWork, case_id: UUID) -> Actions:
    """Return what the caller may do with a case now, and what keeps them from doing more. Raises ``NotFound``."""
    found = uow.get(Case, case_id)
    if found.merged_into_id is not None:
        return Actions(state=found.state, category=found.category, transitions=[], verbs=[], fields=[])
    workflow = workflow_of(uow, found)
    holds, locale = held(uow, found), uow.call.locale
    may = {permission: _reaches(uow, found, permission) for permission in ("cases:write", "cases:supervise")}
    may_write = may["cases:write"]
    possible = []
    for transition in workflow.leading_from(found.state):
        missing = unmet(transition.preconditions, holds, locale)
        possible.append(
            Possibility(
                transition=transition.key,
                name=transition.name,
                to=transition.to,
                category=workflow.state(transition.to).category,
                possible=may_write and not missing,
                unmet=missing,
            )
        )
    return Actions(
        state=found.state,
        category=found.category,
        transitions=possible,
        verbs=[verb for verb, permission in _VERBS if may[permission]],
        fields=list(_FIELDS) if may_write else [],
    )


def _reaches(uow: UnitOfWork, found: Case, permission: str) -> bool:
    """Whether the caller holds a permission, and this case is within its scope."""
    scope = uow.actor.scope(permission)
    if scope is None or scope == "all":
        return scope is not None
    mine = uow.scoped(sa.select(Case.id).where(Case.id == found.id), Case, permission=permission)
    return uow.session.scalar(mine) is not None


def by_number(uow: UnitOfWork, number: str) -> Case | None:
    """Return the case of a number, whoever may see it."""
    return uow.session.scalars(sa.select(Case).where(Case.number == number)).one_or_none()


def by_token(uow: UnitOfWork, token: str) -> Case | None:
    """Return the case that a mail token names."""
    return uow.session.scalars(sa.select(Case).where(Case.mail_token == token)).one_or_none()


def entry_of_reference(uow: UnitOfWork, reference: str) -> Entry | None:
    """Return the entry that a message of another system became."""
    return uow.session.scalars(sa.select(Entry).where(Entry.reference == reference)).one_or_none()


def participants(uow: UnitOfWork, found: Case) -> set[str]:
    """Return the addresses of those who take part in a case, in small letters."""
    rows = uow.session.scalars(sa.select(Entry).where(Entry.case_id == found.id, Entry.suspect.is_(False)))
    addresses = {found.contact_email, *(each.email for each in found.absorbed)}
    for entry in rows:
        addresses |= {entry.sender, *entry.recipients, *entry.copies}
    return {address.lower() for address in addresses if address}
