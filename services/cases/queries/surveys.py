"""Questions about satisfaction surveys."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from chassis.db.alias_tables import canonical
from chassis.db.filters import filters_for, where
from chassis.db.paging import Page, PageRequest
from chassis.errors import NotFound
from chassis.fields import AliasedId
from chassis.unit_of_work import UnitOfWork
from services.cases.domain.survey import SATISFIED, Survey, SurveyPage, SurveyResults, hash_of, percent

SURVEY_FILTERS = filters_for(
    Survey, contact_id=where(AliasedId, lambda id_: sa.or_(Survey.person_id == id_, Survey.company_id == id_))
)


def surveys(uow: UnitOfWork, page: PageRequest) -> Page[Any]:
    """Return a page of the surveys that the caller may see."""
    return page.apply(uow.scoped(sa.select(Survey), Survey), uow.session)


def by_token(uow: UnitOfWork, token: str, *, lock: bool = False) -> Survey:
    """Return the survey of a link. Raises ``NotFound``."""
    query = sa.select(Survey).where(Survey.token_hash == hash_of(token))
    found = uow.session.scalars(query.with_for_update() if lock else query).one_or_none()
    if found is None:
        raise NotFound(resource="surveys")
    return found


def page_of(found: Survey) -> SurveyPage:
    """Return what somebody with the link sees of a survey."""
    return SurveyPage(
        number=found.number,
        subject=found.subject,
        score=found.score,
        comment=found.comment,
        expires_at=found.expires_at,
    )


def rounds_of(uow: UnitOfWork, case_id: UUID) -> int:
    """Return how often the customer of a case was asked."""
    return uow.session.scalar(sa.select(sa.func.count()).where(Survey.case_id == case_id)) or 0


def asked_since(uow: UnitOfWork, person_id: UUID, since: datetime, *, besides: UUID) -> bool:
    """Whether a person was asked about another case since an instant."""
    asked = sa.exists().where(Survey.person_id == person_id, Survey.sent_at > since, Survey.case_id != besides)
    return bool(uow.session.scalar(sa.select(asked)))


def results(uow: UnitOfWork, *, contact_id: UUID | None = None) -> SurveyResults:
    """Return how satisfied the customers of the caller's cases are, or one of them."""
    figures: list[Any] = [
        sa.func.count(),
        sa.func.count(Survey.score),
        sa.func.count(sa.case((Survey.score >= SATISFIED, 1))),
    ]
    query = uow.scoped(sa.select(*figures).select_from(Survey), Survey)
    if contact_id is not None:
        asked = canonical(contact_id)
        query = query.where(sa.or_(Survey.person_id == asked, Survey.company_id == asked))
    sent, answered, satisfied = uow.session.execute(query).one()
    return SurveyResults(
        sent=sent,
        answered=answered,
        satisfied=satisfied,
        response_percent=percent(answered, sent),
        satisfaction_percent=percent(satisfied, answered),
    )
