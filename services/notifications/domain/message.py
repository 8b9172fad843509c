"""A message: a mail on its way to people outside, or a notice in the suite to one of its users."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from chassis.fields import (
    AliasedId,
    Count,
    Email,
    Flag,
    Id,
    Instant,
    Internal,
    LocaleCode,
    LongText,
    ReadOnly,
    ShortText,
    values,
)
from chassis.indexes import ForeignKey, index
from chassis.model import Aggregate, Mapped, Owned, column
from contracts.consents import Purpose
from contracts.notifications import (
    MessageBounced,
    MessageDelivered,
    MessageQueued,
    MessageRefused,
    MessageSent,
)
from services.notifications.domain.base import Model
from services.notifications.domain.parsed_mail import Attachment
from services.notifications.errors import MarketingGoesToOne, NobodyToWriteTo


class MessageChannel(StrEnum):
    """How a message reaches people."""

    EMAIL = "email"
    IN_APP = "in_app"


class MessageState(StrEnum):
    """Where a message stands. A notice in the suite is sent at once."""

    QUEUED = "queued"
    SENT = "sent"
    DELIVERED = "delivered"
    BOUNCED = "bounced"
    REFUSED = "refused"


@dataclass(frozen=True, kw_only=True)
class Problem:
    """Why one recipient did not get it: what a mail server said, with the SMTP code or the status of a bounce (5.1.1).

    A rule that refused, about consents or about automatic mails, stands as the code instead.
    """

    address: Email
    code: ShortText
    said: LongText
    at: Instant


class Message(Owned, Aggregate, Model):
    """``about`` names the record that it concerns (``cases/<id>``); a notice belongs to the user who gets it."""

    __tablename__ = "messages"
    __table_args__ = (
        index("ix_messages_inbox", "owner_id", "channel", "read_at", "id"),
        index("ix_messages_due", "state", "channel", "due_at"),
    )
    resource: ClassVar = "messages"
    search_fields: ClassVar = ("subject",)

    channel: Mapped[ReadOnly[MessageChannel]]
    state: Mapped[ReadOnly[MessageState]] = column(default=MessageState.QUEUED)
    to: Mapped[list[Email]] = values(Email, most=50)
    cc: Mapped[list[Email]] = values(Email, most=50)
    subject: Mapped[ShortText]
    text: Mapped[LongText]
    html: Mapped[LongText | None]
    locale: Mapped[LocaleCode] = column(default="es")
    purpose: Mapped[Purpose] = column(default=Purpose.SERVICE, doc="Consents for it decide who gets a mail.")
    automatic: Mapped[Flag] = column(default=False, doc="A program sends it by itself; seldom to one address.")
    about: Mapped[ShortText | None] = column(index=True)
    person_id: Mapped[AliasedId | None] = column(index=True)
    template_id: Mapped[ReadOnly[Id] | None] = column(ForeignKey("templates.id", ondelete="SET NULL"))
    message_id: Mapped[ReadOnly[ShortText] | None] = column(unique=True, doc="The mail's own Message-ID.")
    in_reply_to: Mapped[ReadOnly[ShortText] | None]
    addressee: Mapped[Internal[ShortText] | None] = column(doc="Whose address is asked for when the mail goes.")
    address_asked: Mapped[Internal[Flag]] = column(default=False, doc="``to`` is where the addressee gets mail now.")
    attachments: Mapped[ReadOnly[list[Attachment]]] = values(Attachment, most=50)
    thread_id: Mapped[Internal[Id] | None] = column(index=True)
    source_event: Mapped[Internal[Id] | None] = column(index=True)
    attempts: Mapped[ReadOnly[Count]] = column(default=0)
    due_at: Mapped[ReadOnly[Instant] | None]
    last_error: Mapped[ReadOnly[LongText] | None]
    problems: Mapped[ReadOnly[list[Problem]]] = values(Problem)
    refused_by: Mapped[ReadOnly[ShortText] | None] = column(doc="The rule that refused it.")
    let_go_at: Mapped[Internal[Instant] | None] = column(doc="When the limit of automatic mails let it go.")
    sent_at: Mapped[ReadOnly[Instant] | None]
    read_at: Mapped[ReadOnly[Instant] | None]

    @property
    def recipients(self) -> list[str]:
        """Everybody whom the mail goes to, each once."""
        return list(dict.fromkeys([*self.to, *self.cc]))

    @property
    def is_notice(self) -> bool:
        """Whether a rule had it sent to a user of the suite: because of an event, and about no conversation."""
        return self.source_event is not None and self.thread_id is None

    @property
    def contact(self) -> str | None:
        """Whom it is for, as consents name them: a person, or the company whose address was asked for."""
        return f"people/{self.person_id}" if self.person_id else self.addressee

    @property
    def company_id(self) -> uuid.UUID | None:
        """The company that it is for, where that is no person."""
        resource, _, id_ = (self.contact or "").partition("/")
        return uuid.UUID(id_) if resource == "companies" else None

    def queue(self, at: datetime, domain: str) -> None:
        """Send it as a mail, from the instant ``at`` on. Raises ``NobodyToWriteTo``, ``MarketingGoesToOne``."""
        if not self.to and not self.addressee:
            raise NobodyToWriteTo
        if self.purpose is Purpose.MARKETING and (len(self.to) > 1 or self.cc):
            raise MarketingGoesToOne
        self.channel, self.state, self.due_at = MessageChannel.EMAIL, MessageState.QUEUED, at
        self.message_id = f"<{self.id}@{domain}>"
        self.record(
            MessageQueued(message_id=self.id, about=self.about, person_id=self.person_id, template_id=self.template_id)
        )

    def appear(self, at: datetime) -> None:
        """Show it to its user as a notice in the suite."""
        self.channel, self.state, self.sent_at = MessageChannel.IN_APP, MessageState.SENT, at

    def read(self, at: datetime) -> None:
        """Note that its user has seen it; doing it twice changes nothing."""
        self.read_at = self.read_at or at

    def sent(self, at: datetime, problems: Sequence[Problem]) -> None:
        """Note that the mail server took it, for those recipients of whom it said nothing."""
        self.attempts += 1
        self.state, self.sent_at, self.due_at, self.last_error = MessageState.SENT, at, None, None
        self.problems = [*self.problems, *problems]
        self.record(MessageSent(message_id=self.id, about=self.about, person_id=self.person_id, sent_at=at))

    def address_to(self, address: str, at: datetime) -> None:
        """Note where its contact gets mail; it goes from the instant ``at`` on."""
        self.to, self.address_asked, self.due_at = [address], True, at

    def hold(self, because: str, again_at: datetime) -> None:
        """Let it wait, which is no failure of the mail."""
        self.last_error, self.due_at = because, again_at

    def withhold(self, problems: Sequence[Problem], rule: str) -> None:
        """Note that a rule refuses it, and tell."""
        self.refused_by = rule
        self._refuse(problems, rule, rule)

    def failed(self, error: str, again_at: datetime | None) -> None:
        """Note that it could not be handed over, and when it is tried again; None gives up."""
        if again_at is None:
            self.refused([], error)
            return
        if self.address_asked:
            # By then the addressee may get mail elsewhere.
            self.to, self.address_asked = [], False
        self.attempts += 1
        self.last_error, self.due_at = error, again_at

    def refused(self, problems: Sequence[Problem], error: str) -> None:
        """Note that the mail server will not take it, and tell."""
        self.attempts += 1
        self._refuse(problems, error, None)

    def _refuse(self, problems: Sequence[Problem], error: str, rule: str | None) -> None:
        self.state, self.due_at, self.last_error = MessageState.REFUSED, None, error
        self.problems = [*self.problems, *problems]
        self.record(
            MessageRefused(
                message_id=self.id,
                about=self.about,
                person_id=self.person_id,
                reason=error[:500],
                purpose=self.purpose,
                rule=rule,
            )
        )

    def bounced(self, problems: Sequence[Problem]) -> None:
        """Note that it came back, and tell once for each address; a second bounce of the same says nothing new."""
        known = {problem.address for problem in self.problems}
        new = [problem for problem in problems if problem.address not in known]
        if not new:
            return
        self.state, self.problems = MessageState.BOUNCED, [*self.problems, *new]
        for problem in new:
            self.record(
                MessageBounced(
                    message_id=self.id,
                    about=self.about,
                    person_id=self.person_id,
                    address=problem.address,
                    status=problem.code,
                    permanent=problem.code.startswith("5"),
                    company_id=self.company_id,
                )
            )

    def delivered(self) -> None:
        """Note that a mail server confirmed that it is in the mailbox."""
        if self.state is MessageState.SENT:
            self.state = MessageState.DELIVERED
            self.record(MessageDelivered(message_id=self.id, about=self.about, person_id=self.person_id))

    def belong_to(self, user_id: uuid.UUID) -> None:
        """Be the notice of one user."""
        self.owner_id = user_id
