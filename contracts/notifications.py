"""Events told by the notifications service."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chassis.events import ContactId, Event


@dataclass(frozen=True, kw_only=True)
class WebhookFailed(Event, public=True):
    """A webhook was switched off by itself. ``because`` is gone (it answered 410) or failing (for days)."""

    webhook_id: UUID
    name: str
    owner_id: UUID | None
    because: str


@dataclass(frozen=True, kw_only=True)
class WebhookDisabled(Event, public=True):
    """Somebody switched a webhook off; ``because`` is by-hand."""

    webhook_id: UUID
    name: str
    owner_id: UUID | None
    because: str


@dataclass(frozen=True, kw_only=True)
class WebhookEnabled(Event, public=True):
    """A webhook that was disabled is called again."""

    webhook_id: UUID
    name: str


@dataclass(frozen=True, kw_only=True)
class WebhookRedelivered(Event, public=True):
    """Somebody asked to have ``events`` events sent once more to a webhook."""

    webhook_id: UUID
    events: int
    asked_by: UUID | None


@dataclass(frozen=True, kw_only=True)
class MessageQueued(Event, public=True):
    """A mail is on its way; ``about`` names the record that it concerns, such as ``cases/<id>``."""

    message_id: UUID
    about: str | None
    person_id: ContactId | None
    template_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class MessageSent(Event, public=True):
    """A mail server took a mail of ours."""

    message_id: UUID
    about: str | None
    person_id: ContactId | None
    sent_at: datetime


@dataclass(frozen=True, kw_only=True)
class MessageDelivered(Event, public=True):
    """A mail server confirmed that a mail of ours is in the recipient's mailbox; most never say so."""

    message_id: UUID
    about: str | None
    person_id: ContactId | None


@dataclass(frozen=True, kw_only=True)
class MessageBounced(Event, public=True):
    """A mail came back from ``address``; ``status`` is the code of RFC 3463, ``permanent`` its first digit 5."""

    message_id: UUID
    about: str | None
    person_id: ContactId | None
    address: str
    status: str
    permanent: bool


@dataclass(frozen=True, kw_only=True)
class MessageRefused(Event, public=True):
    """No mail server takes a mail of ours, at once or after days of trying."""

    message_id: UUID
    about: str | None
    person_id: ContactId | None
    reason: str
