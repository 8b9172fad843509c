"""Asking customers how satisfied they are, and taking their answers."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from chassis import settings
from chassis.clock import utc_now
from chassis.translated import Translated
from chassis.unit_of_work import UnitOfWork
from services.cases.domain.case import Case
from services.cases.domain.survey import LOW, ROUNDS, Survey
from services.cases.domain.task import CaseTask
from services.cases.errors import SurveyIsNotDue
from services.cases.queries import calendars, contact_languages, rules, surveys, type_versions

SEND: Final = "case-survey"
DELAY: Final = timedelta(hours=2)  # of working time after the case was resolved
QUIET: Final = timedelta(days=7)  # between two surveys of one person
_TASK: Final = Translated(es="Llamar: el cliente no está satisfecho", en="Call: the customer is not satisfied")


def await_survey(uow: UnitOfWork, case: Case, at: datetime) -> None:
    """Have the customer of a case that was just resolved be asked in a while, unless its type says not to."""
    nobody = case.person_id is None and case.contact_email is None
    if nobody or type_versions.of_case(uow, case).survey is False:
        return
    hours = rules.current(uow).default_hours
    due = at + DELAY if hours is None else calendars.time_of(uow, hours).due(at, DELAY)
    uow.schedule(SEND, due, key=str(case.id))


def send_if_due(uow: UnitOfWork, case: Case) -> Survey | None:
    """Ask about a case if it is still resolved and nobody was asked too often; otherwise let it be."""
    at = utc_now()
    round_ = surveys.rounds_of(uow, case.id) + 1
    if not case.category.is_done or case.merged_into_id is not None or round_ > ROUNDS:
        return None
    if case.person_id is not None and surveys.asked_since(uow, case.person_id, at - QUIET, besides=case.id):
        return None
    return uow.add(Survey.about(case, round_, at, contact_languages.of_customer(uow, case)))


def send_survey(uow: UnitOfWork, *, case_id: UUID) -> Survey:
    """Ask about a case now. Raises ``SurveyIsNotDue``."""
    case = uow.get(Case, case_id, permission="cases:read")
    uow.cancel_timer(SEND, str(case_id))
    survey = send_if_due(uow, case)
    if survey is None:
        raise SurveyIsNotDue
    return survey


def answer_survey(uow: UnitOfWork, token: str, *, score: int, comment: str | None = None) -> Survey:
    """Take the answer of whoever has the link. Raises ``NotFound``, ``SurveyHasExpired``."""
    survey = surveys.by_token(uow, token, lock=True)
    already_low = survey.score is not None and survey.score <= LOW
    survey.answer(score, comment, utc_now())
    if score <= LOW and not already_low:
        title = _TASK.in_(settings.load().default_locale)
        uow.add(CaseTask(case_id=survey.case_id, title=title, description=comment, position=1))
    return survey
