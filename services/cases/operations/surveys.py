"""Entrypoints about satisfaction surveys."""

from typing import Any
from uuid import UUID

from chassis.db.paging import Page, PageRequest
from chassis.rpc import command, query
from chassis.unit_of_work import UnitOfWork
from services.cases.commands import surveys as commands
from services.cases.domain.survey import Survey, SurveyPage, SurveyResults
from services.cases.queries import surveys as queries
from services.cases.queries.surveys import SURVEY_FILTERS
from services.cases.schemas import (
    SurveyAnswerSchema,
    SurveyPageSchema,
    SurveyRequestSchema,
    SurveyResultsSchema,
    SurveySchema,
)


class Surveys:
    """What may be asked of surveys; who has the link needs no account."""

    @command(loads=SurveyRequestSchema, dumps=SurveySchema, needs="surveys:write")
    def send_survey(self, uow: UnitOfWork, data: dict[str, Any]) -> Survey:
        """Ask the customer of a resolved case now."""
        return commands.send_survey(uow, **data)

    @query(dumps=SurveySchema, needs="surveys:read")
    def get_survey(self, uow: UnitOfWork, survey_id: UUID) -> Survey:
        """Show a survey with all its answers."""
        return uow.get(Survey, survey_id)

    @query(lists=SurveySchema, filters=SURVEY_FILTERS, needs="surveys:read")
    def list_surveys(self, uow: UnitOfWork, page: PageRequest) -> Page[Survey]:
        """List surveys; ``person_id`` or ``company_id`` gives those of one customer."""
        return queries.surveys(uow, page)

    @query(dumps=SurveyResultsSchema, needs="surveys:read")
    def survey_results(self, uow: UnitOfWork) -> SurveyResults:
        """Show how satisfied customers are, and how many answered."""
        return queries.results(uow)

    @query(dumps=SurveyPageSchema, needs=None)
    def open_survey(self, uow: UnitOfWork, token: str) -> SurveyPage:
        """Show what is asked behind a link; looking records nothing."""
        return queries.page_of(queries.by_token(uow, token))

    @command(loads=SurveyAnswerSchema, dumps=SurveyPageSchema, needs=None)
    def answer_survey(self, uow: UnitOfWork, token: str, data: dict[str, Any]) -> SurveyPage:
        """Answer behind a link, or think better of it until the link expires."""
        return queries.page_of(commands.answer_survey(uow, token, **data))
