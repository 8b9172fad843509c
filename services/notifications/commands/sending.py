"""Sending mails: what is taken along, handing it over, and what comes of it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from chassis import blobs, settings
from chassis.clock import utc_now
from chassis.errands import hurry
from chassis.settings import Settings
from chassis.unit_of_work import UnitOfWork
from contracts.consents import Purpose
from services.notifications.adapters import consent_count, outgoing, smtp
from services.notifications.adapters.address_book import NoAddress, address_of
from services.notifications.adapters.outgoing import Draft, File
from services.notifications.adapters.smtp import Handed, NotTaken
from services.notifications.commands import automatic_mail, consents
from services.notifications.commands.automatic_mail import Limit
from services.notifications.commands.consents import Freshness
from services.notifications.domain.message import Message, MessageState, Problem
from services.notifications.domain.parsed_mail import Attachment
from services.notifications.domain.retries import MAIL_DELAYS, delay_after
from services.notifications.queries import consents as queries
from services.notifications.queries import messages

_HELD_FOR: Final = timedelta(minutes=1)
_WAITING: Final = "marketing waits: it is not known whether contacts told of consents that did not arrive here"


@dataclass(frozen=True, kw_only=True)
class Sending:
    """One mail, with those recipients who do not have it yet.

    Without recipients it is the ``addressee`` whose address is asked for first. ``freshness`` is looked at where the
    mail may go only if what we know of consents is fresh.
    """

    draft: Draft
    recipients: list[str]
    addressee: str | None
    attachments: list[Attachment]
    freshness: Freshness | None


@dataclass(frozen=True, kw_only=True)
class Done:
    """The mail server took it, or contacts gave an ``address``. ``is_level`` says whether every consent was heard."""

    handed: Handed | None = None
    address: str | None = None
    is_level: bool | None = None


class Held(Exception):
    """Marketing waits: nobody knows whether all consents were heard."""


def ready(uow: UnitOfWork, taken: Iterable[Message]) -> list[Sending]:
    """Return what is sent for messages that are due.

    What consents refuse is refused here, at the last moment, and what goes by itself too often is held back.
    """
    due = list(taken)
    limit = automatic_mail.limit_for(uow, due)
    return [sending for message in due if (sending := _prepared(uow, message, limit)) is not None]


def _prepared(uow: UnitOfWork, message: Message, limit: Limit) -> Sending | None:
    if not message.to:
        return _drafted(uow, message, (), None)
    freshness = consents.freshness(uow) if message.purpose is Purpose.MARKETING else None
    if freshness is not None and freshness.stale and freshness.heard is None:
        message.hold(_WAITING, utc_now() + _HELD_FOR)
        return None
    refused = consents.refusals(uow, message)
    out = {problem.address for problem in refused}
    if not out.issuperset(message.to):
        held = limit.held_back(message, out)
        if held is None:
            return None
        refused, out = [*refused, *held], out | {problem.address for problem in held}
    if out.issuperset(message.to):
        message.withhold(refused, refused[0].code)
        return None
    if refused:
        known = {problem.address for problem in message.problems}
        message.problems = [*message.problems, *(each for each in refused if each.address not in known)]
    return _drafted(uow, message, out, freshness)


def _drafted(uow: UnitOfWork, message: Message, out: Collection[str], freshness: Freshness | None) -> Sending:
    thread = messages.thread_of(uow, message.thread_id)
    done = {problem.address for problem in message.problems}
    assert message.message_id is not None, "a queued mail has a Message-ID"
    draft = Draft(
        id=message.id,
        message_id=message.message_id,
        to=[each for each in message.to if each not in out],
        cc=[each for each in message.cc if each not in out],
        subject=message.subject,
        text=message.text,
        html=message.html,
        in_reply_to=message.in_reply_to,
        token=thread.token if thread else None,
        files=[],
        unsubscribe=consents.link_for(message),
        locale=message.locale,
    )
    return Sending(
        draft=draft,
        recipients=[each for each in message.recipients if each not in done],
        addressee=None if message.to else message.addressee,
        attachments=list(message.attachments),
        freshness=freshness,
    )


def hand_over(sending: Sending) -> Done:
    """Give the mail to the mail server, or ask where its addressee gets mail. Raises ``NotTaken``, ``Held``."""
    known = settings.load()
    if sending.addressee:
        return Done(address=_address(sending.addressee))
    is_level = _checked(sending.freshness)
    draft = replace(sending.draft, files=[_file(each, known) for each in sending.attachments])
    if known.mail_server is None:
        raise NotTaken("TRATO_SMTP_URL is not set", permanent=False)
    mail = outgoing.composed(draft, known, utc_now())
    sender = outgoing.bounce_address(known, draft.id)
    return Done(handed=smtp.hand_over(known.mail_server, sender, sending.recipients, mail), is_level=is_level)


def _checked(freshness: Freshness | None) -> bool | None:
    """Return whether every consent was heard, if contacts is to be asked. Raise ``Held`` where it long was not."""
    if freshness is None or freshness.heard is None:
        return None
    is_level = consent_count.told() == freshness.heard
    if freshness.stale and not is_level:
        raise Held(_WAITING)
    return is_level


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
    is_level = False if isinstance(outcome, Held) else getattr(outcome, "is_level", None)
    if is_level is not None:
        queries.note_asked(uow, now, is_level=is_level)
    if message is None or message.state is not MessageState.QUEUED:
        return
    match outcome:
        case Done(address=str() as address):
            message.address_to(address, now)
            hurry(uow)
        case Done():
            _sent(uow, message, outcome, now)
        case Held():
            message.hold(str(outcome), now + _HELD_FOR)
        case NotTaken(permanent=True):
            message.refused(_problems(outcome.refused, now), str(outcome))
        case _:
            delay = delay_after(message.attempts + 1, MAIL_DELAYS)
            message.failed(str(outcome) or type(outcome).__name__, now + delay if delay else None)


def _sent(uow: UnitOfWork, message: Message, done: Done, now: datetime) -> None:
    thread = messages.thread_of(uow, message.thread_id) if message.address_asked else None
    if thread is not None:
        thread.join(message.to)
    message.sent(now, _problems(done.handed.refused if done.handed else {}, now))


def _problems(refused: Mapping[str, tuple[int, str]], now: datetime) -> list[Problem]:
    return [Problem(address=each, code=str(code), said=said, at=now) for each, (code, said) in refused.items()]


def due_mails(uow: UnitOfWork) -> datetime | None:
    """Return when the next mail is due; without a mail server nothing is, and mails wait."""
    return messages.next_due(uow) if settings.load().mail_server is not None else None
