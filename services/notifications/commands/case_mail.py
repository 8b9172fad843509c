"""Mails to the customer of a case: what an agent replied, in the thread of the case."""

from collections.abc import Sequence
from uuid import UUID

from chassis import settings
from chassis.clock import utc_now
from chassis.ids import new_id
from chassis.unit_of_work import UnitOfWork
from contracts.consents import Purpose
from services.notifications.commands.messages import queue_mail
from services.notifications.commands.ours import ours
from services.notifications.commands.wording import worded
from services.notifications.domain import case_mail, survey_mail
from services.notifications.domain.mail_thread import MailThread
from services.notifications.domain.message import Message
from services.notifications.domain.parsed_mail import Attachment
from services.notifications.queries import messages


def mail_reply(
    uow: UnitOfWork,
    *,
    about: str,
    number: str,
    subject: str,
    text: str,
    recipients: Sequence[str],
    cc: Sequence[str] = (),
    addressee: str | None = None,
    attachments: Sequence[Attachment] = (),
    token: str | None = None,
    locale: str | None = None,
    person_id: UUID | None = None,
    event_id: UUID | None = None,
    automatic: bool = False,
    owner_id: UUID | None = None,
    group_id: UUID | None = None,
) -> Message | None:
    """Mail a reply to the recipients, or else to ``addressee``, whose address is asked for when the mail goes.

    Nobody is written to twice for one event, and we never to ourselves.
    """
    own = ours(uow)
    recipients, cc = own.without(recipients), own.without(cc)
    if not (recipients or addressee) or (event_id is not None and messages.queued_for(uow, event_id)):
        return None
    thread = open_thread(uow, about, number=number, title=subject, token=token)
    thread.join([*recipients, *cc])
    locale = locale or settings.load().default_locale
    values = {"case": {"number": number, "subject": subject}, "reply": {"text": text}}
    shown = worded(uow, locale, values, case_mail)
    return queue_mail(
        uow,
        to=list(recipients),
        cc=list(cc),
        addressee=addressee,
        attachments=list(attachments),
        subject=case_mail.tagged(shown["subject"], number),
        text=shown["text"],
        html=shown["html"],
        template_id=shown["template_id"],
        locale=locale,
        about=about,
        person_id=person_id,
        thread_id=thread.id,
        source_event=event_id,
        automatic=automatic,
        in_reply_to=messages.last_in_thread(uow, thread.id),
        owner_id=owner_id,
        group_id=group_id,
    )


def open_thread(
    uow: UnitOfWork, about: str, *, number: str | None = None, title: str = "", token: str | None = None
) -> MailThread:
    """Return the thread of a record, which begins here where there is none."""
    thread = messages.thread(uow, about)
    if thread is None:
        thread = MailThread(id=new_id(), about=about, **({"token": token} if token else {}))
        uow.session.add(thread)
    thread.number = number or thread.number
    thread.title = (title or thread.title)[:255]
    thread.goes_on(utc_now())
    if token:
        thread.token = token
    return thread


def mail_survey(
    uow: UnitOfWork,
    *,
    about: str,
    number: str,
    subject: str,
    token: str,
    recipients: Sequence[str],
    addressee: str | None,
    person_id: UUID | None,
    locale: str | None,
    event_id: UUID,
) -> Message | None:
    """Ask a customer how satisfied they are; the answer by mail joins the case like any other."""
    if not (recipients or addressee) or messages.queued_for(uow, event_id):
        return None
    known = settings.load()
    thread = open_thread(uow, about, number=number)
    thread.join(recipients)
    values = {
        "case": {"number": number, "subject": subject},
        "survey": {"link": f"{known.public_url}/v1/surveys/answers/{token}", "token": token},
    }
    locale = locale or known.default_locale
    shown = worded(uow, locale, values, survey_mail)
    return queue_mail(
        uow,
        **shown,
        locale=locale,
        purpose=Purpose.SURVEY,
        automatic=True,
        to=list(recipients),
        addressee=addressee,
        about=about,
        person_id=person_id,
        thread_id=thread.id,
        source_event=event_id,
    )
