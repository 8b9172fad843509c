"""What is said in a case: answers, notes, and what the customer writes."""

from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.clock import utc_now
from chassis.unit_of_work import UnitOfWork
from contracts.cases import CustomerWrote, NeedDetected, ReopeningHeldBack
from contracts.contacts import Channel
from services.cases.commands import answers, reopening, sla
from services.cases.domain.case import Case
from services.cases.domain.entry import Entry, EntryKind
from services.cases.queries import cases, contact_languages


def reply(
    uow: UnitOfWork,
    case_id: UUID,
    *,
    text: str,
    recipients: list[str] | None = None,
    automatic: bool = False,
    **attributes: Any,
) -> Entry:
    """Answer the customer of a case; unless it is automatic, the clocks that wait for an answer are met."""
    case, at = cases.to_change(uow, case_id), utc_now()
    to = recipients or ([case.contact_email] if case.contact_email else [])
    entry = _said(uow, case, EntryKind.REPLY, at, text=text, recipients=to, automatic=automatic, **attributes)
    if not automatic:
        _answer(uow, case, at)
    answers.send(case, entry, contact_languages.of_customer(uow, case))
    return entry


def note(uow: UnitOfWork, case_id: UUID, *, text: str, **attributes: Any) -> Entry:
    """Note something among ourselves; the customer never sees it, and no clock listens."""
    case = uow.get(Case, case_id)
    case.demand_unmerged()
    case.look_needed = False
    return _said(uow, case, EntryKind.NOTE, utc_now(), text=text, **attributes)


def register_message(uow: UnitOfWork, case_id: UUID, **attributes: Any) -> Entry:
    """Register what the customer of a case wrote or said."""
    return hear(uow, cases.to_change(uow, case_id), **attributes)


def hear(
    uow: UnitOfWork, case: Case, *, text: str, automatic: bool = False, suspect: bool = False, **attributes: Any
) -> Entry:
    """File a message of the customer. Unless a program wrote it, or a stranger, work on the case goes on.

    A message to a case that was resolved too long ago goes to the case that follows it. One of a sender whose mails
    reopened the case too often lately is kept, reopens nothing, and asks for somebody to look at it.
    """
    at = utc_now()
    counts = not automatic and not suspect
    if counts:
        count = reopening.counted(uow, case, attributes.get("sender"), at)
        if count is not None and not reopening.may_reopen(uow, count, at):
            entry = _said(uow, case, EntryKind.CUSTOMER, at, text=text, held_back=True, **attributes)
            return _held_back(case, entry, tell=count.hold_back(at))
        case = reopening.go_on(uow, case, at)
    entry = _said(uow, case, EntryKind.CUSTOMER, at, text=text, automatic=automatic, suspect=suspect, **attributes)
    if not counts:
        return entry
    if case.waiting_since is None:
        case.waiting_since = at
    with uow.session.no_autoflush:
        desk = sla.desk(uow, case, at)
        sla.asked(uow, desk, entry.id)
    case.record(
        CustomerWrote(
            **case.about,
            entry_id=entry.id,
            channel=entry.channel,
            responsible_id=case.owner_id,
            resolver_id=case.resolver_id,
        )
    )
    sla.keep(uow, desk)
    return entry


def _held_back(case: Case, entry: Entry, *, tell: bool) -> Entry:
    case.look_needed = True
    if tell:
        case.record(
            ReopeningHeldBack(
                **case.about,
                subject=case.subject,
                entry_id=entry.id,
                responsible_id=case.owner_id,
                resolver_id=case.resolver_id,
            )
        )
    return entry


def detect_need(uow: UnitOfWork, case_id: UUID, *, need: str, interest_id: UUID | None = None) -> Entry:
    """Note what the customer of a case may need, and tell those who sell."""
    case = cases.to_change(uow, case_id)
    entry = _said(uow, case, EntryKind.NOTE, utc_now(), text=need)
    case.record(
        NeedDetected(**case.about, entry_id=entry.id, need=need, interest_id=interest_id, detected_by=uow.actor.user_id)
    )
    return entry


def _answer(uow: UnitOfWork, case: Case, at: datetime) -> None:
    with uow.session.no_autoflush:
        desk = sla.desk(uow, case, at)
        sla.answered(uow, desk)
    if case.first_response_at is None:
        case.first_response_at = at
    case.waiting_since, case.look_needed = None, False
    sla.keep(uow, desk)


def _said(uow: UnitOfWork, case: Case, kind: EntryKind, at: datetime, **attributes: Any) -> Entry:
    actor = uow.actor
    given = {name: value for name, value in attributes.items() if value is not None}
    given.setdefault("channel", case.channel if kind is not EntryKind.NOTE else Channel.WEB)
    author = {} if kind is EntryKind.CUSTOMER else {"author_id": actor.user_id, "author_name": actor.name}
    return uow.add(Entry(case_id=case.id, kind=kind, at=at, **{**author, **given}))
