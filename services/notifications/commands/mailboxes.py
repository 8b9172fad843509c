"""What is done with mailboxes, and looking into them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from chassis.clock import utc_now
from chassis.errands import hurry
from chassis.sealing import Unsealable, seal, unseal
from chassis.unit_of_work import UnitOfWork
from services.notifications.adapters import imap
from services.notifications.adapters.imap import MailboxAway, Place
from services.notifications.commands.receiving import read_mail, take_in
from services.notifications.domain.mailbox import Mailbox
from services.notifications.domain.parsed_mail import ParsedMail
from services.notifications.queries import mailboxes

_PURPOSE: Final = "mailbox-password"


@dataclass(frozen=True, kw_only=True)
class Visit:
    """One look into a mailbox."""

    mailbox_id: UUID
    place: Place
    sealed: str


@dataclass(frozen=True, kw_only=True)
class Brought:
    """What one look brought, read and with its files stored."""

    uid_validity: int
    last_uid: int
    mails: list[ParsedMail]
    more: bool


def create_mailbox(uow: UnitOfWork, *, password: str, **attributes: Any) -> Mailbox:
    """Begin to look into a mailbox. The password is kept encrypted and never shown."""
    mailbox = Mailbox(**attributes)
    mailbox.sealed_password = seal(password, _PURPOSE)
    hurry(uow)
    return uow.add(mailbox)


def update_mailbox(uow: UnitOfWork, mailbox_id: UUID, changes: Mapping[str, Any]) -> Mailbox:
    """Change a mailbox, and look into it at once."""
    mailbox = uow.change(Mailbox, mailbox_id)
    rest = {name: value for name, value in changes.items() if name != "password"}
    if changes.get("password"):
        mailbox.sealed_password = seal(changes["password"], _PURPOSE)
    if {"host", "username", "folder"} & set(rest):
        # Another mailbox: what the numbers of the old one meant says nothing here.
        mailbox.uid_validity = mailbox.last_uid = None
    mailbox.apply(rest)
    mailbox.look_again(utc_now())
    hurry(uow)
    return mailbox


def delete_mailbox(uow: UnitOfWork, mailbox_id: UUID) -> None:
    """Look into it no more; mails that came from it stay."""
    uow.remove(uow.change(Mailbox, mailbox_id))


def prepared(mailbox: Mailbox) -> Visit:
    """Return what a look needs."""
    place = Place(
        host=mailbox.host,
        port=mailbox.port,
        security=mailbox.security,
        username=mailbox.username,
        folder=mailbox.folder,
        uid_validity=mailbox.uid_validity,
        last_uid=mailbox.last_uid,
        from_the_beginning=mailbox.from_the_beginning,
    )
    return Visit(mailbox_id=mailbox.id, place=place, sealed=mailbox.sealed_password)


def visit(wanted: Visit) -> Brought:
    """Look, and read what is new. Raises ``MailboxAway``."""
    try:
        password = unseal(wanted.sealed, _PURPOSE)
    except Unsealable as error:
        raise MailboxAway("the password cannot be read any more; set it again") from error
    found = imap.look(wanted.place, password)
    mails = [read_mail(each.raw, sender=None, recipients=[], whole=each.whole) for each in found.mails]
    return Brought(uid_validity=found.uid_validity, last_uid=found.last_uid, mails=mails, more=found.more)


def settle(uow: UnitOfWork, wanted: Visit, outcome: Brought | Exception) -> None:
    """Take in what came, and remember where the next look begins, in one transaction."""
    mailbox, now = uow.session.get(Mailbox, wanted.mailbox_id), utc_now()
    if mailbox is None:
        return
    if isinstance(outcome, Exception):
        failures = mailbox.failures + 1
        due = now + mailbox.pause_after(failures)
        mailboxes.note(uow, mailbox.id, failures=failures, last_error=str(outcome)[:2000], due_at=due, looked_at=now)
        return
    for mail in outcome.mails:
        take_in(uow, mail)
    mailboxes.note(
        uow,
        mailbox.id,
        failures=0,
        last_error=None,
        looked_at=now,
        due_at=now + (timedelta(0) if outcome.more else mailbox.pause_after(0)),
        uid_validity=outcome.uid_validity,
        last_uid=outcome.last_uid,
        received=mailbox.received + len(outcome.mails),
    )
