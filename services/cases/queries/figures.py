"""How much work there is in cases, for operations; whose it is does not count."""

from datetime import datetime
from typing import Final

import sqlalchemy as sa

from chassis.clock import utc_now
from chassis.db.counting import count_of
from chassis.unit_of_work import UnitOfWork
from services.cases.domain.case import Case
from services.cases.domain.workflow import Category

_IN_WORK: Final = Case.category.in_([category for category in Category if not category.is_done])


def open_cases(uow: UnitOfWork) -> int:
    """Return how many cases are neither resolved nor closed."""
    return _count(uow, _IN_WORK)


def late_cases(uow: UnitOfWork) -> int:
    """Return how many cases have an open clock that is past its due instant."""
    return _count(uow, Case.next_due_at < utc_now())


def unassigned_cases(uow: UnitOfWork) -> int:
    """Return for how many open cases nobody is responsible."""
    return _count(uow, _IN_WORK, Case.owner_id.is_(None))


def cases_to_look_at(uow: UnitOfWork) -> int:
    """Return how many cases have a mail that did not reopen them, which nobody has looked at."""
    return _count(uow, Case.look_needed == sa.true())


def waiting_since(uow: UnitOfWork) -> datetime | None:
    """Return since when the oldest unanswered message of a customer waits."""
    found: datetime | None = uow.session.scalar(sa.select(sa.func.min(Case.waiting_since)))
    return found


def _count(uow: UnitOfWork, *conditions: "sa.ColumnElement[bool]") -> int:
    return uow.session.scalar(count_of(Case, *conditions)) or 0
