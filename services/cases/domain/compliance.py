"""How well what was promised was kept: the share of clocks met in time among those that ended in a period."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final

from chassis.fields import Count, Instant, LongText, Name, Percentage, ShortText
from chassis.translated import TranslatedText
from services.cases.domain.sla_clock import Metric

USUAL_PERIOD: Final = timedelta(days=30)
_EARLIEST: Final = datetime.min.replace(tzinfo=UTC)


class Dimension(StrEnum):
    """By what the figures are split: by who or what the case has now, and by the policy that measured it."""

    POLICY = "policy"
    PRIORITY = "priority"
    TYPE = "type"
    GROUP = "group"
    RESPONSIBLE = "responsible"
    RESOLVER = "resolver"
    COMPANY = "company"


# What is counted; every report says so.
DEFINITION: Final = TranslatedText(
    en="met ÷ (met + breached), of the clocks that ended in the period. Cancelled clocks do not count; those that are "
    "still open though their due instant has passed are counted apart, as they stand now.",
    es="cumplidos ÷ (cumplidos + incumplidos), de los relojes que terminaron en el período. Los anulados no cuentan; "
    "los que siguen abiertos aunque ya vencieron se cuentan aparte, tal como están ahora.",
)


@dataclass(frozen=True, kw_only=True)
class ComplianceRow:
    """The figures of one metric; of one policy, priority, group … where they are split.

    ``key`` is the id or the word of what it is about, null for cases that have none; ``name`` says what a policy or a
    type is called. Of no finished clock there is no share.
    """

    metric: Metric
    key: ShortText | None
    name: Name | None
    met: Count
    breached: Count
    compliance_percent: Percentage | None
    open_breached: Count


@dataclass(frozen=True, kw_only=True)
class Compliance:
    """The figures of the clocks that ended from ``since`` until just before ``until``."""

    since: Instant
    until: Instant
    by: Dimension | None
    definition: LongText
    rows: list[ComplianceRow]


def share(met: int, breached: int) -> Decimal | None:
    """Return the share in percent to two places: 100 only where nothing was breached, 0 only where everything was."""
    ended = met + breached
    if not ended:
        return None
    exact = Decimal(100) * met / ended
    rounded = exact.quantize(Decimal("0.01"))
    least, most = Decimal("0.01") if met else Decimal(0), Decimal("99.99") if breached else Decimal(100)
    return min(max(rounded, least), most)


def period(since: datetime | None, until: datetime | None, now: datetime) -> tuple[datetime, datetime]:
    """Return the period that is asked about: without its end until now, without its beginning the usual time before."""
    until = until or now
    return since or max(until, _EARLIEST + USUAL_PERIOD) - USUAL_PERIOD, until
