"""Sending mails: what is taken along, handing it over, and what comes of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from chassis import settings
from chassis.clock import utc_now
from chassis.unit_of_work import UnitOfWork
from services.notifications.adapters import outgoing, smtp
from services.notifications.adapters.outgoing import Draft
from services.notifications.adapters.smtp import Handed, NotTaken
from services.notifications.domain.message import Message, MessageState, Problem
from services.notifications.domain.retries import MAIL_DELAYS, delay_after
from services.notifications.queries import messages


@dataclass(frozen=True, kw_only=True)
class Sending:
    """One mail, with those recipients who do not have it yet."""

    draft: Draft
    recipients: list[str]


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
    )
    return Sending(draft=draft, recipients=[each for each in message.recipients if each not in done])


def hand_over(sending: Sending) -> Handed:
    """Give the mail to the mail server. Raises ``NotTaken``."""
    known = settings.load()
    if known.mail_server is None:
        raise NotTaken("TRATO_SMTP_URL is not set", permanent=False)
    mail = outgoing.composed(sending.draft, known, utc_now())
    return smtp.hand_over(known.mail_server, outgoing.bounce_address(known, sending.draft.id), sending.recipients, mail)


def settle(uow: UnitOfWork, sending: Sending, outcome: Handed | Exception) -> None:
    """Write what the mail server said."""
    now, message = utc_now(), uow.session.get(Message, sending.draft.id)
    if message is None or message.state is not MessageState.QUEUED:
        return
    if isinstance(outcome, Handed):
        message.sent(now, _problems(outcome.refused, now))
        return
    error = str(outcome) or type(outcome).__name__
    if isinstance(outcome, NotTaken) and outcome.permanent:
        message.refused(_problems(outcome.refused, now), error)
        return
    delay = delay_after(message.attempts + 1, MAIL_DELAYS)
    message.failed(error, now + delay if delay else None)


def _problems(refused: Mapping[str, tuple[int, str]], now: datetime) -> list[Problem]:
    return [Problem(address=each, code=str(code), said=said, at=now) for each, (code, said) in refused.items()]


def due_mails(uow: UnitOfWork) -> datetime | None:
    """Return when the next mail is due; without a mail server nothing is, and mails wait."""
    return messages.next_due(uow) if settings.load().mail_server is not None else None
