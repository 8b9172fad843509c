"""Telling people of an event, by the rules and by what they prefer."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from chassis.clock import utc_now
from chassis.envelope import Envelope
from chassis.unit_of_work import UnitOfWork
from services.notifications.commands.messages import notify_user, queue_mail
from services.notifications.domain.allowance import TALKATIVE, WINDOW
from services.notifications.domain.colleague import Colleague
from services.notifications.domain.message import Message, MessageChannel
from services.notifications.domain.notification_rule import NotificationRule
from services.notifications.queries import colleagues, inbox


def tell_people(uow: UnitOfWork, envelope: Envelope) -> None:
    """Tell whoever the rules name, each person once by each channel, however many rules name them."""
    active = uow.once(colleagues.active_rules)
    plain = envelope.to_dict() if active else {}
    rules = [rule for rule in active if rule.wants(plain)]
    if not rules:
        return
    done = colleagues.noticed(uow, envelope.id)
    for rule in rules:
        people = _people(uow, rule, plain, envelope.actor.id)
        said = colleagues.wants(uow, [each.id for each in people], envelope.type.split(".")[1])
        for person in people:
            for channel in rule.channels:
                if said.get((person.id, channel), True) and (person.id, channel) not in done:
                    done.add((person.id, channel))
                    _tell(uow, rule, person, channel, plain)


def _people(uow: UnitOfWork, rule: NotificationRule, plain: Mapping[str, Any], actor: UUID | None) -> list[Colleague]:
    told = rule.told(plain)
    ids = set(told.users)
    if told.groups:
        ids |= colleagues.members(uow, told.groups)
    if told.supervised:
        ids |= colleagues.supervisors(uow, told.supervised)
    if not rule.tell_who_did_it:
        ids -= {actor}
    return list(colleagues.active(uow, ids))


def _tell(
    uow: UnitOfWork, rule: NotificationRule, person: Colleague, channel: MessageChannel, plain: Mapping[str, Any]
) -> None:
    subject, text = rule.words(plain, person.locale)
    words = {"subject": subject, "text": text, "locale": person.locale}
    origin = {"about": plain["subject"], "source_event": UUID(plain["id"])}
    if channel is MessageChannel.IN_APP:
        notify_user(uow, person.id, **words, **origin)
    elif person.email and not _tells_of_a_notice(uow, plain):
        # Somebody may have an answering machine that says nothing of what it is.
        by_itself = inbox.mails_from(uow, person.email, utc_now() - WINDOW) >= TALKATIVE
        queue_mail(uow, to=[person.email], owner_id=person.id, automatic=by_itself, **words, **origin)


def _tells_of_a_notice(uow: UnitOfWork, plain: Mapping[str, Any]) -> bool:
    """Whether an event is about a notice that was mailed: to mail of that too would have no end."""
    if not plain["type"].startswith("crm.notifications.message_"):
        return False
    message_id = plain["data"].get("message_id")
    message = uow.session.get(Message, UUID(message_id)) if message_id else None
    return message is not None and message.is_notice
