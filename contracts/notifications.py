"""Events told by the notifications service."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chassis.events import ContactId, Event
from contracts.consents import ConsentChannel, Purpose
from contracts.contacts import FollowedMerge


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
    company_id: ContactId | None = None


@dataclass(frozen=True, kw_only=True)
class MessageRefused(Event, public=True):
    """A mail of ours is given up: no mail server takes it, at once or after days of trying, or it may not be sent.

    ``rule`` is then the rule that refuses it: one about consents, such as address-opted-out or no-consent, or
    automatic-limit where the address got enough mails that nobody wrote by hand.
    """

    message_id: UUID
    about: str | None
    person_id: ContactId | None
    reason: str
    purpose: Purpose = Purpose.SERVICE
    rule: str | None = None


@dataclass(frozen=True, kw_only=True)
class ReceivedFile:
    """A file that came with a mail; ``key`` names it in the blob store, ``size`` counts bytes."""

    key: str
    filename: str
    media_type: str
    size: int


@dataclass(frozen=True, kw_only=True)
class MessageReceived(Event, public=True):
    """A mail came in.

    ``about`` and ``case_id`` say where it is filed: somebody who takes part in the case wrote it. Without them it
    waits in the tray: ``reason`` is no-thread, unknown-sender, automatic, bounce, own-mail, unreadable or too-large,
    and ``guess`` the record that it points to. ``automatic`` means that no person wrote it: it opens, reopens and
    answers nothing. ``text`` is what is new in it, ``quoted`` what it quotes of earlier ones. Told again, with
    ``about``, when somebody assigns it.
    """

    item_id: UUID
    about: str | None
    case_id: UUID | None
    case_number: str | None
    guess: str | None
    reason: str | None
    automatic: bool
    sender: str
    sender_name: str
    cc: list[str]
    subject: str
    text: str
    html: str | None
    mail_message_id: str | None
    received_at: datetime
    files: list[ReceivedFile]
    quoted: str = ""


@dataclass(frozen=True, kw_only=True)
class InboxItemAssigned(Event, public=True):
    """Somebody filed a mail from the tray with a record, such as ``cases/<id>``."""

    item_id: UUID
    about: str
    assigned_by: UUID | None


@dataclass(frozen=True, kw_only=True)
class RecipientUnsubscribed(Event):
    """Whoever reads an address wants no more messages for a purpose: they followed the link in one.

    ``address_key`` stands for the address, as in consents; ``person_id`` is whom the message was for, if known.
    """

    address_key: str
    channel: ConsentChannel
    purpose: Purpose
    message_id: UUID | None
    person_id: ContactId | None
    unsubscribed_at: datetime


@dataclass(frozen=True, kw_only=True)
class ContactMergeFollowed(FollowedMerge, Event, public=True):
    """The records of notifications name the contact that a merge left, or the one that its undoing brought back."""
