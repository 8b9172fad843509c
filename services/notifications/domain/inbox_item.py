"""A mail that came in: filed with the record that it belongs to, or waiting in the tray for a person."""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from chassis.fields import (
    Count,
    Email,
    Id,
    Instant,
    Internal,
    LongText,
    ReadOnly,
    ShortText,
    values,
)
from chassis.model import Aggregate, Mapped, column
from contracts.notifications import InboxItemAssigned, MessageReceived, ReceivedFile
from services.notifications.domain.base import Model
from services.notifications.domain.filing import Filing, TrayReason
from services.notifications.domain.parsed_mail import Attachment, MailKind, ParsedMail
from services.notifications.errors import AlreadyFiled, NotARecord


class InboxState(StrEnum):
    """Whether somebody must look at it."""

    WAITING = "waiting"
    FILED = "filed"
    DISMISSED = "dismissed"


class InboxItem(Aggregate, Model):
    """``about`` is where it is filed; ``guess`` is where it seems to belong while it waits. The original is kept."""

    __tablename__ = "inbox_items"
    resource: ClassVar = "inbox"
    search_fields: ClassVar = ("subject", "sender", "sender_name")

    key: Mapped[Internal[ShortText]] = column(unique=True)
    kind: Mapped[ReadOnly[MailKind]]
    state: Mapped[ReadOnly[InboxState]] = column(default=InboxState.WAITING, index=True)
    reason: Mapped[ReadOnly[TrayReason] | None] = column(doc="Why it waits in the tray.")
    about: Mapped[ReadOnly[ShortText] | None] = column(index=True)
    guess: Mapped[ReadOnly[ShortText] | None]
    guess_number: Mapped[ReadOnly[ShortText] | None]
    message_id: Mapped[ReadOnly[ShortText] | None] = column(index=True)
    sender: Mapped[ReadOnly[ShortText]] = column(index=True)
    sender_name: Mapped[ReadOnly[ShortText]]
    to: Mapped[ReadOnly[list[Email]]] = values(Email, most=200)
    cc: Mapped[ReadOnly[list[Email]]] = values(Email, most=200)
    subject: Mapped[ReadOnly[ShortText]]
    text: Mapped[ReadOnly[LongText]]
    quoted: Mapped[ReadOnly[LongText]] = column(doc="What the mail quotes of earlier ones.")
    html: Mapped[ReadOnly[LongText] | None] = column(doc="Cleaned; pictures from elsewhere are left out.")
    attachments: Mapped[ReadOnly[list[Attachment]]] = values(Attachment, most=200)
    error: Mapped[ReadOnly[LongText] | None]
    original_key: Mapped[ReadOnly[ShortText]] = column(doc="The mail as it came, in the blob store.")
    original_size: Mapped[ReadOnly[Count]] = column(default=0)
    received_at: Mapped[ReadOnly[Instant]] = column(index=True)
    answers_message: Mapped[ReadOnly[Id] | None] = column(doc="The message of ours that it answers or returns.")

    @classmethod
    def of(cls, mail: ParsedMail, at: datetime) -> "InboxItem":
        """Return the item of a mail that was read."""
        return cls(
            key=mail.key,
            kind=mail.kind,
            message_id=_cut(mail.message_id),
            sender=mail.sender[:255],
            sender_name=mail.sender_name[:255],
            to=list(mail.to),
            cc=list(mail.cc),
            subject=mail.subject[:255],
            text=mail.text,
            quoted=mail.quoted,
            html=mail.html,
            attachments=list(mail.attachments),
            error=mail.error,
            original_key=mail.raw_key,
            original_size=mail.raw_size,
            received_at=at,
        )

    def arrive(self, filing: Filing) -> None:
        """Be filed, or wait in the tray, and tell. What is unreadable tells too: somebody must look."""
        thread, self.reason = filing.thread, filing.reason
        if filing.reason is None and thread is not None:
            self.state, self.about = InboxState.FILED, thread.about
            self._tell(thread.about, thread.number)
            return
        if thread is not None:
            self.guess, self.guess_number = thread.about, thread.number
        self._tell(None, None)

    def assign(self, about: str, number: str | None, by: uuid.UUID | None) -> None:
        """Be filed by hand. Raises ``AlreadyFiled``, ``NotARecord``."""
        if self.state is InboxState.FILED:
            raise AlreadyFiled(about=self.about)
        resource, _, id_ = about.partition("/")
        if not resource or not _is_id(id_):
            raise NotARecord(about=about)
        self.state, self.about = InboxState.FILED, about
        self.record(InboxItemAssigned(item_id=self.id, about=about, assigned_by=by))
        self._tell(about, number)

    def dismiss(self) -> None:
        """Need nobody's attention any more; it is kept. Raises ``AlreadyFiled``."""
        if self.state is InboxState.FILED:
            raise AlreadyFiled(about=self.about)
        self.state = InboxState.DISMISSED

    def _tell(self, about: str | None, number: str | None) -> None:
        resource, _, id_ = (about or "").partition("/")
        self.record(
            MessageReceived(
                item_id=self.id,
                about=about,
                case_id=uuid.UUID(id_) if resource == "cases" else None,
                case_number=number if resource == "cases" else None,
                guess=self.guess if about is None else None,
                reason=self.reason.value if self.reason and about is None else None,
                automatic=self.kind is not MailKind.MAIL,
                sender=self.sender,
                sender_name=self.sender_name,
                cc=list(self.cc),
                subject=self.subject,
                text=self.text,
                quoted=self.quoted,
                html=self.html,
                mail_message_id=self.message_id,
                received_at=self.received_at,
                files=[
                    ReceivedFile(key=each.key, filename=each.filename, media_type=each.media_type, size=each.size)
                    for each in self.attachments
                ],
            )
        )


def _cut(text: str | None) -> str | None:
    return None if text is None else text[:255]


def _is_id(text: str) -> bool:
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False
