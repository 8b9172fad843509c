"""A satisfaction survey: one question about one case, asked after it was solved."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, ClassVar, Final, Self

from chassis.field_kinds_exact import WholeField
from chassis.fields import AliasedId, Count, Id, Instant, Internal, LongText, ReadOnly, ShortText, values
from chassis.indexes import ForeignKey, unique
from chassis.model import Aggregate, Mapped, Owned, column
from chassis.vocabulary import Public
from contracts.surveys import SurveyAnswered, SurveySent
from services.cases.domain.base import Model
from services.cases.domain.case import Case
from services.cases.errors import SurveyHasExpired

LINK_LASTS: Final = timedelta(days=30)
ROUNDS: Final = 2
LOW: Final = 2
SATISFIED: Final = 4

Score = Annotated[int, Public(WholeField, least=1, most=5)]


class SurveyState(StrEnum):
    """Whether it was answered."""

    SENT = "sent"
    ANSWERED = "answered"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the customer said, from 1, very dissatisfied, to 5, very satisfied."""

    score: Score
    at: Instant
    comment: LongText | None = None


class Survey(Owned, Aggregate, Model):
    """One survey. Its answer is credited to whoever had resolved the case, and to the area, at that time."""

    __tablename__ = "surveys"
    __table_args__ = (unique("case_id", "round"),)
    resource: ClassVar = "surveys"

    case_id: Mapped[ReadOnly[Id]] = column(ForeignKey("cases.id"))
    round: Mapped[ReadOnly[Count]] = column(default=1, doc="2 where the case was reopened after the first.")
    number: Mapped[ReadOnly[ShortText]]
    subject: Mapped[ReadOnly[ShortText]]
    person_id: Mapped[ReadOnly[AliasedId] | None] = column(index=True)
    company_id: Mapped[ReadOnly[AliasedId] | None] = column(index=True)
    resolver_id: Mapped[ReadOnly[Id] | None] = column(index=True)
    state: Mapped[ReadOnly[SurveyState]] = column(default=SurveyState.SENT)
    sent_at: Mapped[ReadOnly[Instant]] = column(index=True)
    expires_at: Mapped[ReadOnly[Instant]]
    score: Mapped[ReadOnly[Count] | None]
    comment: Mapped[ReadOnly[LongText] | None]
    answered_at: Mapped[ReadOnly[Instant] | None]
    answers: Mapped[ReadOnly[list[Answer]]] = values(Answer)
    token_hash: Mapped[Internal[ShortText]] = column(unique=True)

    @classmethod
    def about(cls, case: Case, round_: int, at: datetime, locale: str | None) -> Self:
        """Return a new survey about a case, and tell it together with the link; the link is kept nowhere.

        ``locale`` is in which language the customer is written to.
        """
        token = secrets.token_urlsafe(24)
        survey = cls(
            case_id=case.id,
            round=round_,
            number=case.number,
            subject=case.subject,
            person_id=case.person_id,
            company_id=case.company_id,
            resolver_id=case.resolver_id or case.owner_id,
            owner_id=case.owner_id,
            group_id=case.group_id,
            sent_at=at,
            expires_at=at + LINK_LASTS,
            token_hash=hash_of(token),
        )
        survey.record(
            SurveySent(
                survey_id=survey.id,
                **case.about,
                subject=case.subject,
                recipients=[case.contact_email] if case.contact_email else [],
                token=token,
                round=round_,
                expires_at=survey.expires_at,
                locale=locale,
            )
        )
        return survey

    def answer(self, score: int, comment: str | None, at: datetime) -> None:
        """Take an answer; the last one counts, all are kept. Raises ``SurveyHasExpired``.

        The same answer again is the same request sent twice: who has the link has no keys to tell them apart by.
        """
        if at > self.expires_at:
            raise SurveyHasExpired
        if self.state is SurveyState.ANSWERED and (self.score, self.comment) == (score, comment):
            return
        self.answers = [*self.answers, Answer(score=score, comment=comment, at=at)]
        self.state, self.score, self.comment, self.answered_at = SurveyState.ANSWERED, score, comment, at
        self.record(
            SurveyAnswered(
                survey_id=self.id,
                case_id=self.case_id,
                number=self.number,
                person_id=self.person_id,
                company_id=self.company_id,
                score=score,
                low=score <= LOW,
                round=self.round,
                resolver_id=self.resolver_id,
                group_id=self.group_id,
                answered_at=at,
            )
        )


@dataclass(frozen=True, kw_only=True)
class SurveyPage:
    """What somebody with the link sees."""

    number: ShortText
    subject: ShortText
    score: Count | None
    comment: LongText | None
    expires_at: Instant


@dataclass(frozen=True, kw_only=True)
class SurveyResults:
    """How satisfied customers are: the share of 4 and 5 among the answers, in percent, always with their number."""

    sent: Count
    answered: Count
    satisfied: Count
    response_percent: Count | None
    satisfaction_percent: Count | None


def hash_of(token: str) -> str:
    """Return what is kept of a link's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def percent(part: int, whole: int) -> int | None:
    """Return a share in whole percent, none of nothing."""
    return round(100 * part / whole) if whole else None
