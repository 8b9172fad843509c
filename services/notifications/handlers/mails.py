"""Mails on their way out: replies to cases become mails, and mails are handed to the mail server."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar, Final
from uuid import UUID

from chassis.envelope import Envelope
from chassis.errands import Errand
from chassis.reactions import on_every
from chassis.unit_of_work import UnitOfWork
from services.notifications.commands import sending
from services.notifications.commands.case_mail import mail_reply, mail_survey, open_thread
from services.notifications.commands.sending import Done, Sending
from services.notifications.domain.parsed_mail import Attachment
from services.notifications.queries import messages

# A question from the web form is answered by mail too.
_BY_MAIL: Final = frozenset({"email", "web"})


@on_every("crm.cases.case_replied.v1")
def mail_case_reply(uow: UnitOfWork, envelope: Envelope) -> None:
    """What an agent replied reaches the customer by mail, unless it was said on the telephone or the like."""
    data: dict[str, Any] = dict(envelope.data)
    if data.get("channel", "email") not in _BY_MAIL:
        return
    mail_reply(
        uow,
        about=f"cases/{data['case_id']}",
        number=str(data["number"]),
        subject=data.get("subject") or "",
        text=data.get("text") or "",
        recipients=data.get("recipients") or (),
        cc=data.get("cc") or (),
        token=data.get("mail_token"),
        locale=data.get("locale"),
        person_id=_id(data.get("person_id")),
        addressee=_addressee(data),
        attachments=_files(data.get("files") or data.get("attachments") or ()),
        event_id=envelope.id,
        automatic=bool(data.get("automatic")),
        owner_id=envelope.owner,
        group_id=envelope.group,
    )


@on_every("crm.cases.survey_sent.v1")
def mail_customer_survey(uow: UnitOfWork, envelope: Envelope) -> None:
    """A customer whose case is resolved is asked how satisfied they are."""
    data: dict[str, Any] = dict(envelope.data)
    mail_survey(
        uow,
        about=f"cases/{data['case_id']}",
        number=str(data["number"]),
        subject=data.get("subject") or "",
        token=str(data["token"]),
        recipients=data.get("recipients") or (),
        addressee=_addressee(data),
        person_id=_id(data.get("person_id")),
        locale=data.get("locale"),
        event_id=envelope.id,
    )


@on_every("crm.cases.case_created.v1")
def know_case(uow: UnitOfWork, envelope: Envelope) -> None:
    """A mail that names a case finds it, even before anybody replied."""
    data: dict[str, Any] = dict(envelope.data)
    number, title, token = (data.get(name) for name in ("number", "subject", "mail_token"))
    about = f"cases/{data['case_id']}"
    if number and title and token:
        messages.know_thread(uow, about, number=str(number), title=title, token=token)
    elif number:
        open_thread(uow, about, number=str(number), title=title or "", token=token)


class SendMails(Errand[Sending, Done]):
    """Hands mails to the mail server."""

    kind: ClassVar = "send-mails"
    slots: ClassVar = 8
    seconds: ClassVar = 60.0

    def next_due(self, uow: UnitOfWork) -> datetime | None:
        """Return when the next mail is due."""
        return sending.due_mails(uow)

    def claim(self, uow: UnitOfWork, most: int) -> Sequence[Sending]:
        """Take mails that are due."""
        return sending.ready(uow, messages.take_mails(uow, most, self.lease))

    def do(self, item: Sending) -> Done:
        """Hand it over."""
        return sending.hand_over(item)

    def settle(self, uow: UnitOfWork, item: Sending, outcome: Done | Exception) -> None:
        """Write what the mail server said."""
        sending.settle(uow, item, outcome)


send_mails: Final = SendMails()


def _id(value: str | None) -> UUID | None:
    return UUID(value) if value else None


def _addressee(data: Mapping[str, Any]) -> str | None:
    """Return whom a reply goes to where the case knows no address: the person, or else the company."""
    found = [(name, data.get(key)) for name, key in (("people", "person_id"), ("companies", "company_id"))]
    return next((f"{name}/{id_}" for name, id_ in found if id_), None)


def _files(given: Sequence[Any]) -> list[Attachment]:
    """Return the files that go along; of one that is told by its key alone the name is not known."""
    plain = [each if isinstance(each, dict) else {"key": str(each)} for each in given]
    return [
        Attachment(
            key=each["key"],
            filename=each.get("filename") or f"{number}",
            media_type=each.get("media_type") or "application/octet-stream",
            size=int(each.get("size") or 0),
        )
        for number, each in enumerate(plain, 1)
    ]
