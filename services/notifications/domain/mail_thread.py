"""A mail thread: what of a case is known here so that its mails find each other."""

import re
import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar, Final

from chassis.fields import Email, Id, Instant, Internal, ShortText, values
from chassis.ids import new_id
from chassis.model import Mapped, column
from services.notifications.domain.base import Model

MOST: Final = 200
_PREFIX: Final = re.compile(r"^(?:(?:re|fwd?|rv|rm|res|enc|aw|wg)\s*(?:\[\d+\])?:\s*|\[[^\]]*\]\s*)+", re.IGNORECASE)
_NUMBER: Final = re.compile(r"\s*\[#?[^\]]*\]\s*$")


def bare(subject: str) -> str:
    """Return a subject as it is compared: without Re:, RV: and the like, without a number in brackets."""
    return " ".join(_NUMBER.sub("", _PREFIX.sub("", subject.strip())).casefold().split())[:255]


class MailThread(Model):
    """``about`` is the record (``cases/<id>``), ``number`` what people call it, ``token`` its secret mail address."""

    __tablename__ = "mail_threads"
    resource: ClassVar = "mail-threads"

    id: Mapped[Id] = column(primary_key=True, default=new_id)
    about: Mapped[ShortText] = column(unique=True)
    number: Mapped[ShortText | None] = column(unique=True)
    token: Mapped[ShortText] = column(unique=True, default=lambda: secrets.token_hex(8))
    title: Mapped[ShortText] = column(default="")
    participants: Mapped[list[Email]] = values(Email, most=MOST)
    merged_into: Mapped[ShortText | None]
    bare_title: Mapped[Internal[ShortText]] = column(default="", index=True)
    last_mail_at: Mapped[Internal[Instant] | None]

    def goes_on(self, at: datetime) -> None:
        """Note that there was a mail, or that it began."""
        self.bare_title, self.last_mail_at = bare(self.title or ""), at

    def join(self, addresses: Iterable[str]) -> None:
        """Take more people into the conversation."""
        self.participants = list(dict.fromkeys([*self.participants, *(each.lower() for each in addresses)]))[:MOST]

    def has(self, address: str) -> bool:
        """Whether somebody takes part in the conversation."""
        return address.lower() in self.participants
