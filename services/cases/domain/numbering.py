"""The numbers of cases: one after the other, without gaps, beginning anew each year where so set."""

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from chassis.fields import Count, Slug
from chassis.model import Mapped, column
from services.cases.domain.base import Model

PLAIN: Final = "plain"


class CaseNumber(Model):
    """The last number that was given out in a series."""

    __tablename__ = "case_numbers"

    series: Mapped[Slug] = column(primary_key=True)
    last: Mapped[Count]


def series_of(at: datetime, zone: str, *, yearly: bool) -> str:
    """Return the series in which a case born at an instant is numbered: its year in the installation's zone."""
    return str(at.astimezone(ZoneInfo(zone)).year) if yearly else PLAIN


def written(series: str, number: int) -> str:
    """Return a number as people write it: 2026-000123, or 123 in a plain series."""
    return str(number) if series == PLAIN else f"{series}-{number:06}"
