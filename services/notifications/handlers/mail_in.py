"""Mails on their way in: through the door, into the cases that they belong to or into the tray."""

import threading
from typing import Any, Final

from sqlalchemy.exc import IntegrityError

from chassis import settings
from chassis.beside import Beside, Work
from chassis.envelope import Envelope
from chassis.reactions import on_every
from chassis.unit_of_work import UnitOfWork
from services.notifications.adapters.mail_door import Door
from services.notifications.adapters.outgoing import own_address
from services.notifications.commands.case_mail import open_thread
from services.notifications.commands.receiving import read_mail, take_in
from services.notifications.domain.parsed_mail import ParsedMail, is_own


class MailDoor(Beside):
    """Lets mail in where ``TRATO_MAIL_IN_ADDRESS`` says; without it nothing listens."""

    def __init__(self) -> None:
        self._door: Door | None = None
        self._stopped = threading.Event()

    @property
    def port(self) -> int:
        """Where it listens; 0 where it does not."""
        return self._door.port if self._door else 0

    def run(self, work: Work) -> None:
        """Listen until ``stop``."""
        self._stopped.clear()
        known = settings.load()
        if known.mail_in is None:
            self._stopped.wait()
            return
        own = own_address(known)

        def takes(raw: bytes, sender: str, recipients: list[str]) -> str:
            mail = read_mail(raw, sender=sender, recipients=recipients)
            try:
                _take(work, mail)
            except IntegrityError:
                # The same mail came by another way at this moment; now it is known.
                _take(work, mail)
            return "250 2.0.0 it is kept"

        self._door = door = Door(known.mail_in, lambda address: is_own(address, own), takes)
        try:
            door.serve()
        finally:
            self._door = None

    def stop(self) -> None:
        """Close the door."""
        self._stopped.set()
        if self._door is not None:
            self._door.close()


mail_door: Final = MailDoor()


def _take(work: Work, mail: ParsedMail) -> None:
    with work.writing() as uow:
        take_in(uow, mail)


@on_every("crm.cases.case_merged.v1")
def follow_merged_case(uow: UnitOfWork, envelope: Envelope) -> None:
    """Mails about a case that was merged go to the one that is left, and who took part there takes part here."""
    data: dict[str, Any] = dict(envelope.data)
    into = data.get("into_id") or data.get("survivor_id")
    if not into:
        return
    survivor = open_thread(uow, f"cases/{into}")
    merged = open_thread(uow, f"cases/{data['case_id']}")
    merged.merged_into = survivor.about
    survivor.join(merged.participants)
