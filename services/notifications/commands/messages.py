"""What is done with messages."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from chassis import settings
from chassis.clock import utc_now
from chassis.errands import hurry
from chassis.unit_of_work import UnitOfWork
from services.notifications.adapters.outgoing import domain_of
from services.notifications.commands.ours import ours
from services.notifications.domain.message import Message
from services.notifications.domain.template import Template
from services.notifications.errors import NothingToSay, TemplateIsSwitchedOff
from services.notifications.queries import messages as queries


def send_message(
    uow: UnitOfWork, *, template_id: UUID | None = None, values: Mapping[str, Any] | None = None, **attributes: Any
) -> Message:
    """Send a mail: written by the caller, or a template with ``values``; without ``to`` to the person's own address.

    Raises ``NobodyToWriteTo``, ``MarketingGoesToOne``, ``NothingToSay``, ``TemplateIsSwitchedOff`` and
    ``UnknownPlaceholder``.
    """
    if template_id is not None:
        template = uow.get(Template, template_id, permission="templates:read")
        if not template.active:
            raise TemplateIsSwitchedOff(name=template.slug)
        shown = template.rendered(values or {}, attributes.get("locale") or uow.call.locale)
        attributes |= {"subject": shown.subject, "text": shown.text, "html": shown.html}
    if not attributes.get("subject") or not attributes.get("text"):
        raise NothingToSay
    if not attributes.get("to") and attributes.get("person_id"):
        attributes["addressee"] = f"people/{attributes['person_id']}"
    return queue_mail(uow, template_id=template_id, **attributes)


def queue_mail(uow: UnitOfWork, **attributes: Any) -> Message:
    """Have a mail sent once this transaction commits; never to ourselves.

    Raises ``NobodyToWriteTo``, ``MarketingGoesToOne``.
    """
    known, own = settings.load(), ours(uow)
    to = own.without(attributes.get("to") or ())
    cc = [each for each in own.without(attributes.get("cc") or ()) if each not in to]
    attributes |= {"to": to, "cc": cc}
    message = Message(**{"locale": known.default_locale, **attributes})
    message.queue(utc_now(), domain_of(known))
    hurry(uow)
    return uow.add(message)


def notify_user(uow: UnitOfWork, user_id: UUID, **attributes: Any) -> Message:
    """Show a notice to a user of the suite."""
    notice = Message(**attributes)
    notice.belong_to(user_id)
    notice.appear(utc_now())
    return uow.add(notice)


def read_message(uow: UnitOfWork, message_id: UUID) -> Message:
    """Note that the caller has seen a message. Raises ``NotFound``."""
    message = queries.message(uow, message_id)
    message.read(utc_now())
    return message


def read_all_messages(uow: UnitOfWork) -> dict[str, int]:
    """Note that the caller has seen every notice; return how many were new."""
    return {"read": queries.read_all(uow)}
