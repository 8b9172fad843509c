"""A mail thread: what of a case is known here so that its mails find each other."""

import secrets
from collections.abc import Iterable
from typing import ClassVar, Final

from chassis.fields import Email, Id, ShortText, values
from chassis.ids import new_id
from chassis.model import Mapped, column
from services.notifications.domain.base import Model

MOST: Final = 200


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

    def join(self, addresses: Iterable[str]) -> None:
        """Take more people into the conversation."""
        self.participants = list(dict.fromkeys([*self.participants, *(each.lower() for each in addresses)]))[:MOST]

    def has(self, address: str) -> bool:
        """Whether somebody takes part in the conversation."""
        return address.lower() in self.participants
