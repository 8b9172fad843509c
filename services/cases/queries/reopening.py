"""Rules about reopening, how often mails reopened a case, and which case goes on where another ended."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from chassis.db.filters import filters_for
from chassis.db.paging import Page, PageRequest
from chassis.unit_of_work import UnitOfWork
from services.cases.domain.case import Case
from services.cases.domain.mail_reopening import MailReopening
from services.cases.domain.reopening_rule import ReopeningRule

REOPENING_FILTERS = filters_for(ReopeningRule, default_sort=("id",))
_LONGEST_CHAIN: Final = 100


def rules(uow: UnitOfWork, page: PageRequest) -> Page[Any]:
    """Return a page of the rules about reopening."""
    return page.apply(sa.select(ReopeningRule), uow.session)


def has_rule(uow: UnitOfWork, group_id: UUID | None, besides: UUID | None = None) -> bool:
    """Whether an area has a rule; without an area: whether there is one for all others."""
    query = sa.select(ReopeningRule.id).where(ReopeningRule.group_id.is_not_distinct_from(group_id))
    return uow.session.scalar(query if besides is None else query.where(ReopeningRule.id != besides)) is not None


def counted(uow: UnitOfWork, case_id: UUID, sender_key: str, at: datetime) -> MailReopening:
    """Return how often a sender reopened a case; until the commit nobody else counts."""
    dialect = sqlite if uow.session.get_bind().dialect.name == "sqlite" else postgresql
    begun = {"case_id": case_id, "sender_key": sender_key, "reopened": [], "held_back": [], "last_at": at}
    insert = dialect.insert(MailReopening).values(begun)
    uow.session.execute(insert.on_conflict_do_nothing(index_elements=["case_id", "sender_key"]))
    mine = (MailReopening.case_id == case_id, MailReopening.sender_key == sender_key)
    query = sa.select(MailReopening).where(*mine).with_for_update()
    return uow.session.scalars(query.execution_options(populate_existing=True)).one()


def forget(uow: UnitOfWork, before: datetime) -> None:
    """Forget who has not written since an instant."""
    uow.session.execute(sa.delete(MailReopening).where(MailReopening.last_at < before))


def first_of(uow: UnitOfWork, case: Case) -> UUID:
    """Return the id of the case that began the row of cases that follow each other."""
    found = case
    for _ in range(_LONGEST_CHAIN):
        before = uow.session.get(Case, found.follows_id) if found.follows_id else None
        if before is None:
            break
        found = before
    return found.id


def last_of(uow: UnitOfWork, case: Case) -> Case:
    """Return the case that goes on where this one ended, or the one that follows that; itself where none does."""
    found = case
    if not case.category.is_done:
        return case
    for _ in range(_LONGEST_CHAIN):
        query = sa.select(Case).where(Case.follows_id == found.id).order_by(Case.id.desc()).limit(1)
        after = uow.session.scalars(query).one_or_none()
        if after is None:
            break
        found = after
    return found
