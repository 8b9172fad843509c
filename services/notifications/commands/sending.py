"""Sending mails: what is taken along, handing it over, and what comes of it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from chassis import blobs, settings
from chassis.clock import utc_now
from chassis.settings import Settings
from chassis.unit_of_work import UnitOfWork
from services.notifications.adapters import outgoing, smtp
from services.notifications.adapters.address_book import NoAddress, address_of
from services.notifications.adapters.outgoing import Draft, File
from services.notifications.adapters.smtp import Handed, NotTaken
from services.notifications.domain.message import Message, MessageState, Problem
from services.notifications.domain.parsed_mail import Attachment
from services.notifications.domain.retries import MAIL_DELAYS, delay_after
from services.notifications.queries import messages


@dataclass(frozen=True, kw_only=True)
class Sending:
    """One mail, with those recipients who do not have it yet."""

    draft: Draft
    recipients: list[str]
    addressee: str | None
    attachments: list[Attachment]


@dataclass(frozen=True, kw_only=True)
class Done:
    """The mail server took it; ``asked_for`` is the address that contacts gave."""

    handed: Handed
    asked_for: str | None


def drafted(uow: UnitOfWork, message: Message) -> Sending:
    """Return what is sent for a message."""
    thread = messages.thread_of(uow, message.thread_id)
    done = {problem.address for problem in message.problems}
    assert message.message_id is not None, "a queued mail has a Message-ID"
    draft = Draft(
        id=message.id,
        message_id=message.message_id,
        to=list(message.to),
        cc=list(message.cc),
        subject=message.subject,
        text=message.text,
        html=message.html,
        in_reply_to=message.in_reply_to,
        token=thread.token if thread else None,
        files=[],
    )
    return Sending(
        draft=draft,
        recipients=[each for each in message.recipients if each not in done],
        addressee=None if message.to else message.addressee,
        attachments=list(message.attachments),
    )


def hand_over(sending: Sending) -> Done:
    """Give the mail to the mail server. Raises ``NotTaken``."""
    known, draft, recipients = settings.load(), sending.draft, sending.recipients
    asked_for = _address(sending.addressee) if sending.addressee else None
    if asked_for:
        draft, recipients = replace(draft, to=[asked_for]), [asked_for, *recipients]
    draft = replace(draft, files=[_file(each, known) for each in sending.attachments])
    if known.mail_server is None:
        raise NotTaken("TRATO_SMTP_URL is not set", permanent=False)
    mail = outgoing.composed(draft, known, utc_now())
    handed = smtp.hand_over(known.mail_server, outgoing.bounce_address(known, draft.id), recipients, mail)
    return Done(handed=handed, asked_for=asked_for)


def _address(contact: str) -> str:
    try:
        return address_of(contact)
    except NoAddress as error:
        raise NotTaken(str(error), permanent=not error.for_now) from error


def _file(attachment: Attachment, known: Settings) -> File:
    try:
        content = b"".join(blobs.open_store(known).open(attachment.key))
    except blobs.BlobNotFound as error:
        raise NotTaken(f"the file {attachment.filename} is gone", permanent=True) from error
    return File(filename=attachment.filename, media_type=attachment.media_type, content=content)


def settle(uow: UnitOfWork, sending: Sending, outcome: Done | Exception) -> None:
    """Write what the mail server said."""
    now, message = utc_now(), uow.session.get(Message, sending.draft.id)
    if message is None or message.state is not MessageState.QUEUED:
        return
    if isinstance(outcome, Done):
        _sent(uow, message, outcome)
        return
    error = str(outcome) or type(outcome).__name__
    if isinstance(outcome, NotTaken) and outcome.permanent:
        message.refused(_problems(outcome.refused, now), error)
        return
    delay = delay_after(message.attempts + 1, MAIL_DELAYS)
    message.failed(error, now + delay if delay else None)


def _sent(uow: UnitOfWork, message: Message, done: Done) -> None:
    now = utc_now()
    if done.asked_for:
        message.to = [done.asked_for]
        thread = messages.thread_of(uow, message.thread_id)
        if thread is not None:
            thread.join([done.asked_for])
    message.sent(now, _problems(done.handed.refused, now))


def _problems(refused: Mapping[str, tuple[int, str]], now: datetime) -> list[Problem]:
    return [Problem(address=each, code=str(code), said=said, at=now) for each, (code, said) in refused.items()]


def due_mails(uow: UnitOfWork) -> datetime | None:
    """Return when the next mail is due; without a mail server nothing is, and mails wait."""
    return messages.next_due(uow) if settings.load().mail_server is not None else None
