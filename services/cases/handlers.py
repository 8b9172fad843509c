"""What cases does when something is told: by other services, by itself, by the clock, or by a background job."""

from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from chassis import custom_fields
from chassis.clock import utc_now
from chassis.figures import figure, seconds_since
from chassis.jobs import JobRun, job
from chassis.reactions import on
from chassis.tallies import Tally
from chassis.timers import Due, timer
from chassis.unit_of_work import UnitOfWork
from contracts.administration import CustomFieldChanged, CustomFieldDefined, CustomFieldRetired, UserDeactivated
from contracts.cases import CaseCreated, CaseResolved, SlaBreached, SlaMet, SlaWarned
from contracts.contacts import Channel
from contracts.notifications import MessageReceived
from services.cases.commands import entries, recalculation, sla, surveys
from services.cases.commands.calendars import RECALCULATE
from services.cases.domain.case import Case
from services.cases.domain.entry import Attachment
from services.cases.domain.sla_clock import Metric
from services.cases.queries import cases, figures

_AHEAD: Final = 5_000  # cases looked up at once: finding the first of them reads what is left of all
_BATCH: Final = 200  # cases in one transaction: others who want one of them wait no longer than that takes

cases_created: Final = Tally(
    "trato_cases_created",
    "Cases that came in, by how they reached us.",
    {CaseCreated: lambda event: (event.channel.value,)},
    channel=Channel,
)
cases_resolved: Final = Tally("trato_cases_resolved", "Cases resolved.", {CaseResolved: lambda _: ()})
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


@figure("trato_cases_unassigned", "Open cases for which nobody is responsible.")
def unassigned_cases(uow: UnitOfWork) -> int:
    """How much of it is nobody's."""
    return figures.unassigned_cases(uow)


@figure("trato_cases_longest_wait_seconds", "How long the customer waits who waits longest for an answer.")
def longest_wait(uow: UnitOfWork) -> float:
    """Who was forgotten shows here."""
    return seconds_since(figures.waiting_since(uow))


@timer(sla.ALARM)
def ring(uow: UnitOfWork, due: Due) -> None:
    """A clock of a case has something to tell: a warning, a breach, a level of escalation, or several after an outage.

    What was told already is noted on the clock, so that firing twice tells once.
    """
    # Whoever changes the case at this moment goes first, or waits.
    case = uow.get(Case, UUID(due.key), lock=True)
    case.alarm_at = None
    with uow.session.no_autoflush:
        desk = sla.desk(uow, case, utc_now())
    sla.keep(uow, desk)


@timer(surveys.SEND)
def send_survey(uow: UnitOfWork, due: Due) -> None:
    """A case was resolved a while ago: its customer is asked, if it still is."""
    surveys.send_if_due(uow, uow.get(Case, UUID(due.key)))


@job(RECALCULATE)
def recalculate_clocks(run: JobRun) -> dict[str, Any]:
    """A calendar has other hours: its open clocks fall due at other instants."""
    calendar_id = UUID(run.data["calendar_id"])
    reached: dict[str, Any] = run.saved or {"after": None, "examined": 0, "moved": 0}
    while True:
        after = reached["after"] and UUID(reached["after"])
        with run.reading() as uow:
            found = recalculation.next_cases(uow, calendar_id, after, _AHEAD)
        if not found:
            break
        for start in range(0, len(found), _BATCH):
            batch = found[start : start + _BATCH]
            with run.transaction() as uow:
                examined, moved = recalculation.recalculate(uow, calendar_id, batch)
                reached = {
                    "after": str(batch[-1]),
                    "examined": reached["examined"] + examined,
                    "moved": reached["moved"] + moved,
                }
                run.checkpoint(reached)
            run.progress(reached["examined"])
    with run.transaction() as uow:
        recalculation.conclude(uow, calendar_id, reached["examined"], reached["moved"])
    return {"examined": reached["examined"], "moved": reached["moved"]}


@on(MessageReceived)
def file_mail(uow: UnitOfWork, event: MessageReceived) -> None:
    """A mail that belongs to a case is filed there; what no person wrote starts and reopens nothing."""
    case = event.case_id and uow.session.get(Case, event.case_id)
    reference = f"mail:{event.mail_message_id or event.item_id}"[:255]
    if not case or cases.entry_of_reference(uow, reference) is not None:
        return
    entries.hear(
        uow,
        case,
        text=event.text,
        channel=Channel.EMAIL,
        sender=event.sender,
        author_name=event.sender_name,
        copies=event.cc,
        automatic=event.automatic,
        reference=reference,
        attachments=[
            Attachment(name=file.filename, key=file.key, size=file.size, media_type=file.media_type)
            for file in event.files
        ],
    )


@on(CustomFieldDefined)
def take_custom_field(uow: UnitOfWork, event: CustomFieldDefined) -> None:
    """Cases have a field more, or one that was retired before."""
    _define(uow, event)


@on(CustomFieldChanged)
def change_custom_field(uow: UnitOfWork, event: CustomFieldChanged) -> None:
    """A field of cases has other options, labels or obligations."""
    _define(uow, event)


@on(CustomFieldRetired)
def retire_custom_field(uow: UnitOfWork, event: CustomFieldRetired) -> None:
    """A field is offered no longer; what was filled in stays."""
    if event.resource == Case.resource:
        custom_fields.retire(uow.session, uow.metadata, resource=event.resource, name=event.name)


@on(UserDeactivated)
def hand_over(uow: UnitOfWork, event: UserDeactivated) -> None:
    """The open cases of somebody who left are passed on to whoever was named; without anybody they stay."""
    if event.handover_to is None:
        return
    mine = sa.or_(Case.owner_id == event.user_id, Case.resolver_id == event.user_id)
    for case in uow.session.scalars(sa.select(Case).where(mine, Case.closed_at.is_(None))):
        case.assign(
            responsible_id=event.handover_to if case.owner_id == event.user_id else case.owner_id,
            resolver_id=event.handover_to if case.resolver_id == event.user_id else case.resolver_id,
            group_id=case.group_id,
            because="handover",
        )


def _define(uow: UnitOfWork, event: CustomFieldDefined | CustomFieldChanged) -> None:
    if event.resource == Case.resource:
        custom_fields.define(
            uow.session,
            uow.metadata,
            resource=event.resource,
            name=event.name,
            kind=event.kind,
            required=event.required,
            options=event.options,
            labels=event.labels,
            default=event.default,
        )
