"""Events that the cases service tells about surveys: asking customers how satisfied they are."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chassis.events import Event
from contracts.cases import AboutCase


@dataclass(frozen=True, kw_only=True)
class SurveySent(AboutCase, Event, source="cases", public=True):
    """A customer is to be asked how satisfied they are. The link with ``token`` works until it expires.

    ``recipients`` is empty where the case knows no address: then it goes to the person's own, if surveys may.
    """

    survey_id: UUID
    subject: str
    recipients: list[str]
    token: str
    round: int
    expires_at: datetime
    locale: str | None = None


@dataclass(frozen=True, kw_only=True)
class SurveyAnswered(AboutCase, Event, source="cases", public=True):
    """A customer said how satisfied they are, from 1 to 5; told again when they say otherwise. ``low`` is 1 or 2."""

    survey_id: UUID
    score: int
    low: bool
    round: int
    resolver_id: UUID | None
    group_id: UUID | None
    answered_at: datetime
