"""What operations see of cases: counted when committed, or looked at in the tables."""

from typing import Final

from chassis.figures import figure, seconds_since
from chassis.tallies import Tally
from chassis.unit_of_work import UnitOfWork
from contracts.cases import CaseCreated, CaseResolved, ReopeningHeldBack, SlaBreached, SlaMet, SlaWarned
from contracts.contacts import Channel
from services.cases.domain.sla_clock import Metric
from services.cases.queries import figures

cases_created: Final = Tally(
    "trato_cases_created",
    "Cases that came in, by how they reached us.",
    {CaseCreated: lambda event: (event.channel.value,)},
    channel=Channel,
)
cases_resolved: Final = Tally("trato_cases_resolved", "Cases resolved.", {CaseResolved: lambda _: ()})
reopenings_held_back: Final = Tally(
    "trato_cases_reopenings_held_back",
    "Hours in which mails of a sender did not reopen a case any more, because they had too often.",
    {ReopeningHeldBack: lambda _: ()},
)
clocks_met: Final = Tally(
    "trato_cases_sla_clocks_met",
    "SLA clocks met, by what they measure and whether that was in time.",
    {SlaMet: lambda event: (event.metric, "yes" if event.in_time else "no")},
    metric=Metric,
    in_time=("yes", "no"),
)
clocks_warned: Final = Tally(
    "trato_cases_sla_clocks_warned",
    "SLA clocks that used up the share of their target at which people are warned.",
    {SlaWarned: lambda event: (event.metric,)},
    metric=Metric,
)
clocks_breached: Final = Tally(
    "trato_cases_sla_clocks_breached",
    "SLA clocks that ran past their target, by what they measure.",
    {SlaBreached: lambda event: (event.metric,)},
    metric=Metric,
)


@figure("trato_cases_open", "Cases that are neither resolved nor closed.")
def open_cases(uow: UnitOfWork) -> int:
    """How much work there is."""
    return figures.open_cases(uow)


@figure("trato_cases_late", "Cases of which an open SLA clock is past its due instant.")
def late_cases(uow: UnitOfWork) -> int:
    """How much of it is late now."""
    return figures.late_cases(uow)


@figure("trato_cases_to_look_at", "Cases with a mail that did not reopen them, at which somebody must look.")
def cases_to_look_at(uow: UnitOfWork) -> int:
    """Where two programs may be answering each other."""
    return figures.cases_to_look_at(uow)


@figure("trato_cases_unassigned", "Open cases for which nobody is responsible.")
def unassigned_cases(uow: UnitOfWork) -> int:
    """How much of it is nobody's."""
    return figures.unassigned_cases(uow)


@figure("trato_cases_longest_wait_seconds", "How long the customer waits who waits longest for an answer.")
def longest_wait(uow: UnitOfWork) -> float:
    """Who was forgotten shows here."""
    return seconds_since(figures.waiting_since(uow))
