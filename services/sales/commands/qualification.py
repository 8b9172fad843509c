"""Qualifying a lead: contacts is asked first, then lead and opportunity change together; never half, never twice.

What has to wait, or could be cut off while contacts is being changed, is kept before: the lead is ``qualifying``, and
a timer completes it. Each step bears repetition.
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
from chassis.sharing import Shared
from chassis.unit_of_work import UnitOfWork
from services.sales.adapters import contacts
from services.sales.commands import qualification_outcome
from services.sales.domain.lead import Lead
from services.sales.domain.lead_state import LeadState
from services.sales.domain.qualification import LeadSheet, Precondition, Settled, Terms, unmet
from services.sales.errors import LeadContactMayBeKnown, NotQualifiable, OpportunityIsClosed
from services.sales.queries import activities, pipelines

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

    unmet: Sequence[Precondition]


Asked = Settled | Waiting | Refused | None

# Many who press the button at once are one question to contacts.
_shared: Final = Shared[Settled | Refused]()


def ask_contacts(opens: Opens, lead_id: UUID, data: dict[str, Any]) -> Asked:
    """Do the part of qualifying a lead that contacts has in it; None for a lead that is qualified already.

    Raises ``NotFound``, ``VersionConflict``, ``LeadIsReadOnly``, ``LeadContactMayBeKnown``, ``NoDefaultPipeline``,
    ``PipelineIsSwitchedOff``, and what contacts refuses.
    """
    with opens() as uow:
        lead = uow.get(Lead, lead_id)
        if lead.state is LeadState.QUALIFIED:
            return None
        lead = uow.change(Lead, lead_id)
        lead.demand_qualifiable()
        terms = lead.qualifying_terms or Terms(**data)
        # Whatever could still be refused is refused before anything is done.
        pipelines.pipeline_for_new(uow, terms.pipeline_id)
        sheet, by = lead.sheet(reached=activities.reached_with_lead(uow, lead_id)), uow.actor.user_id
    try:
        return _shared.once(lead_id, lambda: _settle(opens, sheet, terms, by))
    except (RemoteRefusal, DomainError) as failure:
        if not is_away(failure):
            raise
    with opens.writing() as uow:
        _wait(uow, lead_id, terms, by, _FIRST_DELAY)
    return Waiting()


def qualify_lead(uow: UnitOfWork, lead_id: UUID, data: dict[str, Any], asked: Asked) -> Lead | DomainError:
    """Have a lead become an opportunity, once; repeated, it returns the same lead.

    Returns ``NotQualifiable``, which names each precondition that does not hold, so that the lead stops waiting; and
    ``NotFound`` or ``OpportunityIsClosed`` where it waited to join an opportunity that can be joined no longer.
    """
    lead = uow.get(Lead, lead_id, lock=True)
    match asked:
        case _ if lead.state is LeadState.QUALIFIED:
            return lead
        case Refused():
            _stop(uow, lead, asked.unmet)
            return NotQualifiable([each.value for each in asked.unmet], uow.call.locale)
        case Settled():
            lead.demand_qualifiable()
            return _complete(uow, lead, asked, Terms(**data), uow.actor.user_id) or lead
    return lead


def retry_qualification(uow: UnitOfWork, lead_id: UUID, attempts: int) -> None:
    """Try a waiting qualification again, in the background, and look again later until it is over."""
    try:
        lead = uow.get(Lead, lead_id, deleted=True)
    except NotFound:
        return
    if lead.state is LeadState.QUALIFYING:
        uow.start_job(FINISH_QUALIFICATION, {"lead_id": str(lead_id)})
        delay = min(_FIRST_DELAY * 2 ** min(attempts + 1, 10), _LONGEST_DELAY)
        at, data = utc_now() + delay, {"attempts": attempts + 1}
        uow.schedule(FINISH_QUALIFICATION, at, key=str(lead_id), data=data)


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
        asked = _settle(_InJob(run), sheet, terms, by)
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


class _InJob:
    """Opens units of work in a job."""

    def __init__(self, run: JobRun) -> None:
        self._run = run

    def __call__(self) -> AbstractContextManager[UnitOfWork]:
        return self._run.reading()

    def writing(self) -> AbstractContextManager[UnitOfWork]:
        return self._run.transaction()


def _settle(opens: Opens, sheet: LeadSheet, terms: Terms, by: UUID | None) -> Settled | Refused:
    known = contacts.facts(sheet)
    if missing := unmet(sheet, known):
        return Refused(missing)
    if sheet.changes_contacts:
        with opens.writing() as uow:
            _wait(uow, sheet.lead_id, terms, by, _LEASE)
    try:
        return contacts.settle(sheet, known, allow_duplicate=terms.allow_duplicate)
    except (RemoteRefusal, LeadContactMayBeKnown) as refusal:
        if not is_away(refusal):
            with opens.writing() as uow:
                _stop(uow, uow.get(Lead, sheet.lead_id, lock=True, deleted=True), ())
        raise


def _wait(uow: UnitOfWork, lead_id: UUID, terms: Terms, by: UUID | None, delay: timedelta) -> None:
    lead = uow.get(Lead, lead_id, lock=True)
    if lead.state is LeadState.OPEN:
        lead.begin_qualifying(terms, by)
        uow.schedule(FINISH_QUALIFICATION, utc_now() + delay, key=str(lead_id), data={"attempts": 0})


def _stop(uow: UnitOfWork, lead: Lead, missing: Sequence[Precondition]) -> None:
    lead.stop_qualifying(missing)
    uow.cancel_timer(FINISH_QUALIFICATION, str(lead.id))


def _complete(uow: UnitOfWork, lead: Lead, settled: Settled, terms: Terms, by: UUID | None) -> DomainError | None:
    """Complete a qualification. A waiting one that cannot be any more is given up: why is returned."""
    waits = lead.state is LeadState.QUALIFYING
    if waits:  # whoever asked first
        terms, by = lead.qualifying_terms or terms, lead.qualifying_by or by
    try:
        qualification_outcome.complete(uow, lead, settled, terms, by)
    except (NotFound, OpportunityIsClosed) as refusal:
        if not waits or terms.opens_one:
            raise
        _stop(uow, lead, ())
        return refusal
    uow.cancel_timer(FINISH_QUALIFICATION, str(lead.id))
    return None
