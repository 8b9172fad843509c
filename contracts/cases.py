"""Events told by the cases service. What was written in a case stays there, but for what is sent to the customer."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from chassis.events import ContactId, Event
from contracts.contacts import Channel, FollowedMerge


@dataclass(frozen=True, kw_only=True)
class AboutCase:
    """What every event of a case says: which one, and whose."""

    case_id: UUID
    number: str
    person_id: ContactId | None
    company_id: ContactId | None


@dataclass(frozen=True, kw_only=True)
class AboutClock(AboutCase):
    """What every event of a clock says; ``metric`` is first_response, next_response or resolution."""

    clock_id: UUID
    metric: str
    instance: int


@dataclass(frozen=True, kw_only=True)
class CaseCreated(AboutCase, Event, public=True):
    """A case is on file. ``channel`` is how it reached us; a mail that names ``mail_token`` belongs to it."""

    subject: str
    type_id: UUID | None
    channel: Channel
    priority: str
    state: str
    category: str
    responsible_id: UUID | None
    resolver_id: UUID | None
    follows_id: UUID | None
    mail_token: str


@dataclass(frozen=True, kw_only=True)
class CaseUpdated(AboutCase, Event, public=True):
    """Fields of a case changed; ``changed`` names them, their values are asked for by id."""

    changed: list[str]


@dataclass(frozen=True, kw_only=True)
class CaseAssigned(AboutCase, Event, public=True):
    """Somebody else is responsible for a case to its customer, or does the work on it. ``because`` may say why."""

    subject: str
    responsible_id: UUID | None
    resolver_id: UUID | None
    group_id: UUID | None
    because: str | None


@dataclass(frozen=True, kw_only=True)
class CaseStateChanged(AboutCase, Event, public=True):
    """A case went from one state to another. Names of states are the installation's, categories are ours."""

    transition: str
    from_state: str
    state: str
    category: str


@dataclass(frozen=True, kw_only=True)
class CaseResolved(AboutCase, Event, public=True):
    """A case is solved, as far as we can tell; the customer may say otherwise."""

    subject: str
    resolver_id: UUID | None
    group_id: UUID | None
    resolved_at: datetime


@dataclass(frozen=True, kw_only=True)
class CaseClosed(AboutCase, Event, public=True):
    """A case has come to its end."""

    closed_at: datetime


@dataclass(frozen=True, kw_only=True)
class CaseReopened(AboutCase, Event, public=True):
    """Work on a resolved or closed case goes on."""

    times: int


@dataclass(frozen=True, kw_only=True)
class CaseMerged(AboutCase, Event, public=True):
    """Another case took this one up: what was said here goes on there, mails about it belong there."""

    into_id: UUID
    into_number: str
    reason: str | None
    entries: int


@dataclass(frozen=True, kw_only=True)
class CaseSplit(AboutCase, Event, public=True):
    """Some of what was said in a case is about something else, and goes on in a new one."""

    into_id: UUID
    into_number: str
    entries: int


@dataclass(frozen=True, kw_only=True)
class RepliedFile:
    """A file that goes with an answer; ``key`` names it in the blob store, ``size`` counts bytes."""

    key: str
    filename: str
    media_type: str
    size: int


@dataclass(frozen=True, kw_only=True)
class CaseReplied(AboutCase, Event, public=True):
    """We answered the customer of a case. It carries what is needed to send the answer.

    ``recipients`` is empty where the case knows no address: then it goes to the person's or company's own.
    ``files`` says how the ``attachments`` are called, ``locale`` in which language the rest of the mail is.
    ``mail_token`` belongs in the subject and the message id, so that the customer's answer finds the case.
    """

    entry_id: UUID
    subject: str
    text: str
    channel: Channel
    recipients: list[str]
    cc: list[str]
    attachments: list[str]
    mail_token: str
    automatic: bool
    files: list[RepliedFile] = field(default_factory=list)
    locale: str | None = None


@dataclass(frozen=True, kw_only=True)
class CustomerWrote(AboutCase, Event, public=True):
    """The customer of a case wrote or called; what was said stays in the case."""

    entry_id: UUID
    channel: Channel
    responsible_id: UUID | None
    resolver_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class ReopeningHeldBack(AboutCase, Event, public=True):
    """A mail did not reopen a case that is over: its sender had done so too often within the hour. It is kept there.

    Told of the first one within an hour; somebody should see whether programs answer each other.
    """

    subject: str
    entry_id: UUID
    responsible_id: UUID | None
    resolver_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class CaseTaskDone(Event, public=True):
    """A task of a case is done, or will not be done."""

    case_id: UUID
    number: str
    task_id: UUID
    title: str
    state: str


@dataclass(frozen=True, kw_only=True)
class SlaStarted(AboutClock, Event, public=True):
    """A clock runs. ``metric`` is first_response, next_response or resolution; durations are working time."""

    policy: str
    target_seconds: int
    due_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class SlaPaused(AboutClock, Event, public=True):
    """A clock stands still, because of the state of its case."""

    remaining_seconds: int


@dataclass(frozen=True, kw_only=True)
class SlaResumed(AboutClock, Event, public=True):
    """A clock that stood still, or had been met before a reopening, runs again."""

    due_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class SlaWarned(AboutClock, Event, public=True):
    """A clock has used up so much of its target that people are warned: ``percent`` of it. Told once for each clock."""

    percent: int
    warned_at: datetime
    due_at: datetime | None
    responsible_id: UUID | None
    resolver_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class SlaBreached(AboutClock, Event, public=True):
    """A clock ran past its target at ``breached_at``, whenever that was noticed. ``cause`` says why."""

    breached_at: datetime
    cause: str
    responsible_id: UUID | None
    resolver_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class SlaMet(AboutClock, Event, public=True):
    """What a clock measured has been done; ``late_seconds`` of working time too late where it was breached."""

    met_at: datetime
    in_time: bool
    elapsed_seconds: int
    late_seconds: int


@dataclass(frozen=True, kw_only=True)
class SlaCancelled(AboutClock, Event, public=True):
    """Nobody waits for what a clock measures any more: ``because`` is policy, merged or split. It counts nowhere."""

    because: str


@dataclass(frozen=True, kw_only=True)
class SlaRecalculated(AboutClock, Event, public=True):
    """A clock falls due at another instant, because its policy or its calendar changed (``cause``)."""

    cause: str
    before: datetime | None
    due_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class CaseEscalated(AboutCase, Event, public=True):
    """A level of escalation was reached (``metric`` says on which clock), or somebody passed the case on.

    ``reached_at`` is the instant at which the level counts from, ``notify`` the roles that must know.
    """

    subject: str
    level: int
    metric: str | None
    cause: str
    reached_at: datetime
    notify: list[str]
    responsible_id: UUID | None
    resolver_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class NeedDetected(AboutCase, Event, public=True):
    """Whoever works on a case found out what the customer may need; whoever sells to them should hear of it."""

    entry_id: UUID
    need: str
    interest_id: UUID | None
    detected_by: UUID | None


@dataclass(frozen=True, kw_only=True)
class ContactMergeFollowed(FollowedMerge, Event, public=True):
    """The records of cases name the contact that a merge left, or the one that its undoing brought back."""
