"""Qualifying a lead: contacts is asked first, then lead and opportunity change together; never half, never twice.

A timer, set before contacts is asked, completes what is cut off. While contacts is away the lead is ``qualifying``.
Each step bears repetition.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, Protocol
from uuid import UUID

from chassis.calls import RemoteRefusal, is_away
from chassis.clock import utc_now
from chassis.errors import DomainError, NotFound
from chassis.jobs import JobRun
from chassis.shapes import packer, unpacker
from chassis.sharing import Shared
from chassis.timers import Due
from chassis.unit_of_work import UnitOfWork
from contracts.contacts import LeadPrecondition
from services.sales.adapters import contacts
from services.sales.commands import qualification_outcome
from services.sales.domain.lead import Lead
from services.sales.domain.lead_state import LeadState
from services.sales.domain.qualification import LeadSheet, Settled, Terms
from services.sales.errors import (
    LeadIsReadOnly,
    NoDefaultPipeline,
    NotQualifiable,
    OpportunityIsClosed,
    PipelineIsSwitchedOff,
    QualificationDidNotLast,
)
from services.sales.queries import activities

FINISH_QUALIFICATION: Final = "finish-qualification"
_FIRST_DELAY, _LONGEST_DELAY = timedelta(seconds=2), timedelta(seconds=30)
_LEASE: Final = timedelta(seconds=30)  # for a request that is cut off while it changes contacts


class Opens(Protocol):
    """Opens units of work of its own, before the operation's transaction or in a job."""

    def __call__(self) -> AbstractContextManager[UnitOfWork]:
        """For questions only."""
        ...

    def writing(self) -> AbstractContextManager[UnitOfWork]:
        """For a change that commits at the end of the block."""
        ...


@dataclass(frozen=True)
class Waiting:
    """Contacts is away; the lead is kept as qualifying."""


@dataclass(frozen=True)
class Refused:
    """The lead cannot be qualified."""

    unmet: Sequence[LeadPrecondition]


Asked = Settled | Waiting | Refused | None

# Many who press the button at once are one question to contacts.
_shared: Final = Shared[Settled | Refused]()
_pack: Final[Any] = packer(Terms)
_unpack: Final[Any] = unpacker(Terms)


def ask_contacts(opens: Opens, lead_id: UUID, data: dict[str, Any]) -> Asked:
    """Do the part of qualifying a lead that contacts has in it; None for a lead that is qualified already.

    Raises ``NotFound``, ``VersionConflict``, ``LeadIsReadOnly``, ``LeadContactMayBeKnown``, what
    ``qualification_outcome.demand_possible`` raises, and what contacts refuses.
    """
    with opens.writing() as uow:
        lead = uow.get(Lead, lead_id)
        if lead.state is LeadState.QUALIFIED:
            return None
        uow.expect_version(lead)
        lead.demand_qualifiable()
        terms, by = lead.qualifying_terms or Terms(**data), uow.actor.user_id
        # Whatever could still be refused is refused before anything is done.
        if lead.state is LeadState.OPEN:
            qualification_outcome.demand_possible(uow, terms)
        sheet = lead.sheet(reached=activities.reached_with_lead(uow, lead_id))
        if sheet.changes_contacts and lead.state is LeadState.OPEN:
            _mind(uow, lead_id, terms, by, _LEASE)
    try:
        return _shared.once(lead_id, lambda: _settle(sheet, terms))
    except (RemoteRefusal, DomainError) as failure:
        if not is_away(failure):
            with opens.writing() as uow:
                _stop(uow, uow.get(Lead, lead_id, lock=True, deleted=True), ())
            raise
    with opens.writing() as uow:
        lead = uow.get(Lead, lead_id, lock=True)
        if lead.state is LeadState.OPEN:
            lead.begin_qualifying(terms, by)
            _mind(uow, lead_id, terms, by, _FIRST_DELAY)
    return Waiting()


def qualify_lead(uow: UnitOfWork, lead_id: UUID, data: dict[str, Any], asked: Asked) -> Lead | DomainError:
    """Have a lead become an opportunity, once; repeated, it returns the same lead.

    A refusal is returned, so that nothing is left that would qualify the lead later: ``NotQualifiable``, which names
    each precondition that does not hold, ``LeadIsReadOnly``, ``QualificationDidNotLast``, and what
    ``qualification_outcome.complete`` raises.
    """
    lead = uow.get(Lead, lead_id, lock=True)
    match asked:
        case None | Waiting():
            return _as_it_stands(lead)
        case _ if lead.state is LeadState.QUALIFIED:
            uow.cancel_timer(FINISH_QUALIFICATION, str(lead_id))
            return lead
        case Refused():
            _stop(uow, lead, asked.unmet)
            return NotQualifiable([each.value for each in asked.unmet], uow.call.locale)
        case Settled() if lead.is_given_up:  # meanwhile
            uow.cancel_timer(FINISH_QUALIFICATION, str(lead_id))
            return LeadIsReadOnly(state=lead.state)
        case Settled():
            terms, by = Terms(**data), uow.actor.user_id
            if lead.state is LeadState.OPEN and lead.version != asked.lead_version:
                # Somebody corrected it while contacts was asked: it is asked again, about the lead as it is.
                lead.begin_qualifying(terms, by)
                _mind(uow, lead_id, terms, by, timedelta())
                return lead
            return _complete(uow, lead, asked, terms, by) or lead


def retry_qualification(uow: UnitOfWork, lead_id: UUID, due: Due) -> None:
    """Try a waiting qualification again, in the background, and look again later until it is over."""
    try:
        lead = uow.get(Lead, lead_id, deleted=True)
    except NotFound:
        return
    terms, by = due.data.get("terms"), due.data.get("by")
    if terms:  # of an open lead the request was cut off while it asked contacts
        lead.begin_qualifying(_unpack(terms), by and UUID(by))
    if lead.state is LeadState.QUALIFYING:
        attempts = int(due.data.get("attempts", 0)) + 1
        uow.start_job(FINISH_QUALIFICATION, {"lead_id": str(lead_id)})
        at = utc_now() + min(_FIRST_DELAY * 2 ** min(attempts, 10), _LONGEST_DELAY)
        uow.schedule(FINISH_QUALIFICATION, at, key=str(lead_id), data={**due.data, "attempts": attempts})


def finish_qualification(run: JobRun) -> dict[str, Any]:
    """Complete a qualification that waits; where contacts is still away it goes on waiting."""
    lead_id = UUID(run.data["lead_id"])
    with run.reading() as uow:
        lead = uow.get(Lead, lead_id, deleted=True)
        if lead.state is not LeadState.QUALIFYING:
            return {"state": lead.state.value}
        terms, by = lead.qualifying_terms or Terms(), lead.qualifying_by
        sheet = lead.sheet(reached=activities.reached_with_lead(uow, lead_id))
    try:
        asked = _settle(sheet, terms)
    except (RemoteRefusal, DomainError) as failure:
        if is_away(failure):
            return {"state": LeadState.QUALIFYING.value}
        asked = Refused(())
    with run.transaction() as uow:
        lead = uow.get(Lead, lead_id, lock=True, deleted=True)
        if isinstance(asked, Refused):
            _stop(uow, lead, asked.unmet)
        elif lead.state is LeadState.QUALIFYING:
            _complete(uow, lead, asked, terms, by)
        return {"state": lead.state.value}


def _as_it_stands(lead: Lead) -> Lead | DomainError:
    """Return a lead that was qualified, or waited to be, a moment ago; or what came between."""
    if lead.is_given_up:
        return LeadIsReadOnly(state=lead.state)
    return QualificationDidNotLast() if lead.state is LeadState.OPEN else lead


def _settle(sheet: LeadSheet, terms: Terms) -> Settled | Refused:
    found = contacts.settle(sheet, allow_duplicate=terms.allow_duplicate)
    return found if isinstance(found, Settled) else Refused(found)


def _mind(uow: UnitOfWork, lead_id: UUID, terms: Terms, by: UUID | None, delay: timedelta) -> None:
    """Have the qualification completed by itself, should this process not live to do it."""
    data = {"attempts": 0, "terms": _pack(terms), "by": by and str(by)}
    uow.schedule(FINISH_QUALIFICATION, utc_now() + delay, key=str(lead_id), data=data)


def _stop(uow: UnitOfWork, lead: Lead, missing: Sequence[LeadPrecondition]) -> None:
    lead.stop_qualifying(missing)
    uow.cancel_timer(FINISH_QUALIFICATION, str(lead.id))


def _complete(uow: UnitOfWork, lead: Lead, settled: Settled, terms: Terms, by: UUID | None) -> DomainError | None:
    """Complete a qualification, or give it up where it cannot be any more, and return why.

    One that waits to open an opportunity goes on waiting until somebody mends the pipeline.
    """
    waits = lead.state is LeadState.QUALIFYING
    if waits:  # whoever asked first
        terms, by = lead.qualifying_terms or terms, lead.qualifying_by or by
    try:
        qualification_outcome.complete(uow, lead, settled, terms, by)
    except (NotFound, OpportunityIsClosed, NoDefaultPipeline, PipelineIsSwitchedOff) as refusal:
        if waits and terms.opens_one:
            raise
        _stop(uow, lead, ())
        return refusal
    uow.cancel_timer(FINISH_QUALIFICATION, str(lead.id))
    return None
