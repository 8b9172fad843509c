"""What was said in a case: our answers, the customer's messages, calls, and notes among ourselves."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from chassis.fields import Count, Email, Flag, Id, Instant, Internal, LongText, Name, ReadOnly, ShortText, values
from chassis.indexes import ForeignKey, index
from chassis.model import Aggregate, Mapped, column
from contracts.contacts import Channel
from services.cases.domain.base import Model


class EntryKind(StrEnum):
    """Who speaks to whom."""

    REPLY = "reply"
    CUSTOMER = "customer"
    NOTE = "note"


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """A file in the blob store."""

    name: ShortText
    key: ShortText
    size: Count = 0
    media_type: Name = "application/octet-stream"


class Entry(Aggregate, Model):
    """One thing that was said. It stays as it was said."""

    __tablename__ = "case_entries"
    __table_args__ = (index("ix_case_entries_case", "case_id", "at", "id"),)
    resource: ClassVar = "case-entries"

    case_id: Mapped[ReadOnly[Id]] = column(ForeignKey("cases.id"))
    kind: Mapped[ReadOnly[EntryKind]]
    channel: Mapped[Channel] = column(default=Channel.EMAIL)
    text: Mapped[LongText]
    quoted: Mapped[LongText | None] = column(doc="What a mail quotes of earlier ones, apart from what it says.")
    at: Mapped[ReadOnly[Instant]]
    author_id: Mapped[ReadOnly[Id] | None]
    author_name: Mapped[ReadOnly[ShortText]] = column(default="")
    sender: Mapped[Email | None]
    recipients: Mapped[list[Email]] = values(Email, most=50)
    copies: Mapped[list[Email]] = values(Email, most=50)
    attachments: Mapped[list[Attachment]] = values(Attachment, most=50)
    automatic: Mapped[ReadOnly[Flag]] = column(default=False, doc="Written by a program; no clock listens to it.")
    suspect: Mapped[ReadOnly[Flag]] = column(default=False, doc="Its sender does not take part in the case.")
    held_back: Mapped[ReadOnly[Flag]] = column(
        default=False, doc="Its sender had reopened the case too often within the hour, so that it did not."
    )
    moved_from_id: Mapped[ReadOnly[Id] | None] = column(doc="The case in which it was said, where that was another.")
    reference: Mapped[Internal[ShortText] | None] = column(unique=True)

    def move(self, case_id: UUID) -> None:
        """Belong to another case from now on."""
        self.moved_from_id, self.case_id = self.moved_from_id or self.case_id, case_id

    @property
    def asks(self) -> bool:
        """Whether the customer wrote it, who waits for an answer; no program, and no stranger."""
        return self.kind is EntryKind.CUSTOMER and not (self.automatic or self.suspect or self.held_back)


def unanswered_since(said: Iterable[Entry]) -> datetime | None:
    """Return when the customer wrote the first message since our last answer, of what was said in order."""
    since: datetime | None = None
    for entry in said:
        if entry.kind is EntryKind.REPLY and not entry.automatic:
            since = None
        elif entry.asks and since is None:
            since = entry.at
    return since
