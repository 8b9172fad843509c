"""A notification rule: of which events which people are told, how, and in which words."""

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar, Final

from chassis.fields import Flag, Id, Logged, Name, ShortText, value, values
from chassis.model import Aggregate, Mapped, column
from chassis.translated import TranslatedLine, TranslatedText
from services.notifications.domain import placeholders
from services.notifications.domain.base import Model
from services.notifications.domain.event_pattern import EventFilter, check_filters, check_patterns, wanted
from services.notifications.domain.message import MessageChannel
from services.notifications.errors import NobodyToTell, NoEventsWanted, UnknownPlaceholder

# A notice about a mail that is the notice of a mail … would have no end.
_NEVER: Final = re.compile(r"crm\.notifications\.message_(queued|sent|delivered)\.")
_SAID_BY_EVENTS: Final = ("data", "type", "subject", "time", "actor")
_OWNER: Final = ("responsible_id", "owner_id")
_ASSIGNEE: Final = ("resolver_id", "assignee_id", "assigned_to", "owner_id", "responsible_id")
_AS_CALLED: Final = {"responsible": "owner", "resolver": "assignee"}


class RecipientRole(StrEnum):
    """Who is told: by what somebody is to the record, or by name.

    ``named`` are the roles that the event itself lists (``data.notify``).
    """

    OWNER = "owner"
    ASSIGNEE = "assignee"
    SUPERVISOR = "supervisor"
    GROUP = "group"
    USER = "user"
    NAMED = "named"


@dataclass(frozen=True, kw_only=True)
class RuleRecipient:
    """One kind of people; ``id`` names the user, or another group than the record's own."""

    role: RecipientRole
    id: Id | None = None


@dataclass(frozen=True, kw_only=True)
class Told:
    """Whom an event names: users, and groups whose members or supervisors are meant."""

    users: frozenset[uuid.UUID]
    groups: frozenset[uuid.UUID]
    supervised: frozenset[uuid.UUID]


class NotificationRule(Aggregate, Model):
    """``subject`` and ``text`` may hold what the event says: ``{{ data.number }}``, ``{{ actor.name }}``."""

    __tablename__ = "notification_rules"
    resource: ClassVar = "notification-rules"

    name: Mapped[Logged[Name]] = column(unique=True)
    events: Mapped[list[ShortText]] = values(ShortText, most=50)
    filters: Mapped[list[EventFilter]] = values(EventFilter)
    recipients: Mapped[list[RuleRecipient]] = values(RuleRecipient, most=50)
    channels: Mapped[list[MessageChannel]] = values(MessageChannel, most=2)
    subject: Mapped[Logged[TranslatedLine]] = value(TranslatedLine)
    text: Mapped[Logged[TranslatedText]] = value(TranslatedText)
    tell_who_did_it: Mapped[Flag] = column(default=False, doc="Whether whoever caused the event is told too.")
    active: Mapped[Logged[Flag]] = column(default=True)

    def check(self) -> None:
        """Raise the refusal of what makes no sense: events, conditions, recipients or placeholders."""
        if not self.events:
            raise NoEventsWanted
        check_patterns(self.events)
        check_filters(self.filters)
        named = [each for each in self.recipients if each.role is RecipientRole.USER and each.id is None]
        if not self.recipients or named or not self.channels:
            raise NobodyToTell
        for part in (self.subject, self.text):
            for locale in ("es", "en"):
                for name in placeholders.names(part.in_(locale)):
                    if name.partition(".")[0] not in _SAID_BY_EVENTS:
                        raise UnknownPlaceholder(name=name, where=locale)

    def wants(self, envelope: Mapping[str, Any]) -> bool:
        """Whether people are told of this event."""
        return not _NEVER.match(str(envelope["type"])) and wanted(self.events, self.filters, envelope)

    def told(self, envelope: Mapping[str, Any]) -> Told:
        """Return whom the event means by this rule."""
        roles = [(each.role.value, each.id) for each in self.recipients]
        if any(role == RecipientRole.NAMED for role, _ in roles):
            listed = envelope["data"].get("notify") or ()
            roles += [(_AS_CALLED.get(str(each), str(each)), None) for each in listed]
        group = _id(envelope["data"].get("group_id")) or _id(envelope.get("group"))
        users, groups, supervised = set[uuid.UUID](), set[uuid.UUID](), set[uuid.UUID]()
        for role, id_ in roles:
            match role:
                case "owner":
                    users |= _first(envelope, _OWNER, envelope.get("owner"))
                case "assignee":
                    users |= _first(envelope, _ASSIGNEE, envelope.get("owner"))
                case "user":
                    users |= {id_} if id_ else set()
                case "group":
                    groups |= {found for found in (id_ or group,) if found}
                case "supervisor":
                    supervised |= {found for found in (id_ or group,) if found}
        return Told(users=frozenset(users), groups=frozenset(groups), supervised=frozenset(supervised))

    def words(self, envelope: Mapping[str, Any], locale: str) -> tuple[str, str]:
        """Return subject and text for one person; what the event does not say is left empty."""
        subject = placeholders.filled(self.subject.in_(locale), envelope, where="subject", lenient=True)
        text = placeholders.filled(self.text.in_(locale), envelope, where="text", lenient=True)
        return " ".join(subject.split())[:255], text


def _first(envelope: Mapping[str, Any], members: tuple[str, ...], otherwise: Any) -> set[uuid.UUID]:
    found = next((id_ for member in members if (id_ := _id(envelope["data"].get(member)))), None) or _id(otherwise)
    return {found} if found else set()


def _id(value: Any) -> uuid.UUID | None:
    try:
        return uuid.UUID(str(value)) if value else None
    except ValueError:
        return None
