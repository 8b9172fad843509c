"""Making one case of several that are about the same, and two of one that is about two things."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.clock import utc_now
from chassis.unit_of_work import UnitOfWork
from contracts.cases import CaseSplit
from contracts.contacts import Direction
from services.cases.commands import cases as registering
from services.cases.commands import sla, surveys, work
from services.cases.domain.case import Case
from services.cases.domain.entry import Entry, EntryKind, unanswered_since
from services.cases.domain.sla_clock import Metric
from services.cases.domain.workflow import Category
from services.cases.errors import CaseIntoItself, SurvivorIsOver, UnknownReference
from services.cases.queries import cases, merging

MERGED = "merged"
SPLIT = "split"


def merge_cases(uow: UnitOfWork, case_id: UUID, *, absorbed_ids: Sequence[UUID], reason: str | None = None) -> Case:
    """Have a case take up others, which end; what was said and is to be done there goes on here, in order.

    The survivor keeps its clocks, those of the others are cancelled; the earliest message that nobody answered is the
    one that an answer is owed to. Raises ``VersionConflict``, ``NotFound``, ``CaseIntoItself``, ``CaseIsMerged``,
    ``SurvivorIsOver``.
    """
    if case_id in absorbed_ids:
        raise CaseIntoItself
    if not absorbed_ids:
        raise UnknownReference("absorbed_ids")
    at, wanted = utc_now(), list(dict.fromkeys(absorbed_ids))
    held = merging.held(uow, {case_id, *wanted})
    survivor, others = cases.to_change(uow, case_id), [held[each] for each in wanted]
    for other in others:
        other.demand_unmerged()
    if survivor.category.is_done and not all(other.category.is_done for other in others):
        raise SurvivorIsOver(number=survivor.number)
    waiting = [other.waiting_since for other in others if other.waiting_since is not None]
    if waiting and survivor.category is Category.WAITING:
        survivor = work.reopen_for_customer(uow, survivor, at)
    for other in others:
        _absorb(uow, survivor, other, reason, at)
    if waiting and not survivor.category.is_done:
        _wait_since(uow, survivor, min(filter(None, [*waiting, survivor.waiting_since])), MERGED, at)
    return cases.shown(uow, survivor, at)


def split_case(
    uow: UnitOfWork,
    case_id: UUID,
    *,
    entry_ids: Sequence[UUID],
    subject: str,
    type_id: UUID | None = None,
    fields: dict[str, Any] | None = None,
    **attributes: Any,
) -> Case:
    """Register a new case with some of what was said in another one; without a type it has that of the other.

    Whether an answer is owed, and since when, is worked out anew for both. Raises ``VersionConflict``,
    ``UnknownReference``, ``CaseIsMerged`` and what creating a case raises.
    """
    at = utc_now()
    merging.held(uow, [case_id])
    source = cases.to_change(uow, case_id)
    said = merging.entries_of(uow, case_id)
    chosen = [each for each in said if each.id in set(entry_ids)]
    if not chosen or len(chosen) < len(set(entry_ids)):
        raise UnknownReference("entry_ids")
    waiting = unanswered_since(chosen)
    new = registering.create_case(
        uow,
        type_id=type_id or source.type_id,
        fields=fields if type_id is not None or fields else dict(source.fields),
        direction=Direction.INBOUND if waiting else Direction.OUTBOUND,
        subject=subject,
        person_id=source.person_id,
        company_id=source.company_id,
        contact_email=_sender(chosen) or source.contact_email,
        locale=source.locale,
        channel=chosen[0].channel,
        split_from_id=source.id,
        **{"responsible_id": source.owner_id, "group_id": source.group_id, **attributes},
    )
    new.waiting_since = waiting
    for entry in chosen:
        entry.move(new.id)
    source.record(CaseSplit(**source.about, into_id=new.id, into_number=new.number, entries=len(chosen)))
    if source.first_response_at is not None and not source.category.is_done:
        left = unanswered_since([each for each in said if each.case_id == case_id])
        _wait_since(uow, source, left, SPLIT, at)
    return cases.shown(uow, new, at)


def _absorb(uow: UnitOfWork, survivor: Case, other: Case, reason: str | None, at: datetime) -> None:
    with uow.session.no_autoflush:
        desk = sla.desk(uow, other, at)
        desk.cancel(*Metric, because=MERGED)
    sla.keep(uow, desk)
    uow.cancel_timer(surveys.SEND, str(other.id))
    if other.description:
        uow.add(_opening(other))
    entries = merging.take_over(uow, other, survivor)
    survivor.absorb(other, at)
    other.be_merged(survivor, at, reason, entries)


def _opening(case: Case) -> Entry:
    """Return what a case began with as something that was said in it."""
    ours = case.first_response_at == case.created_at
    return Entry(
        case_id=case.id,
        kind=EntryKind.NOTE if ours else EntryKind.CUSTOMER,
        at=case.created_at,
        channel=case.channel,
        text=case.description,
        sender=None if ours else case.contact_email,
    )


def _wait_since(uow: UnitOfWork, case: Case, since: datetime | None, because: str, at: datetime) -> None:
    case.waiting_since = since
    with uow.session.no_autoflush:
        desk = sla.desk(uow, case, at)
        sla.waits_since(uow, desk, since, because)
        desk.stand_still(cases.workflow_of(uow, case).state(case.state).pauses)
    sla.keep(uow, desk)


def _sender(said: Sequence[Entry]) -> str | None:
    return next((each.sender for each in said if each.kind is EntryKind.CUSTOMER and each.sender), None)
