"""A mail as it was read: who wrote to whom, what it says, and what kind of mail it is."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from chassis.fields import Count, ShortText

LARGEST: Final = 25 * 1024 * 1024  # bytes of a mail that we take in


class MailKind(StrEnum):
    """Whether a person wrote it."""

    MAIL = "mail"
    AUTOMATIC = "automatic"
    BOUNCE = "bounce"
    OWN = "own"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """A file that came with a mail; ``key`` names it in the blob store."""

    filename: ShortText
    media_type: ShortText
    size: Count
    key: ShortText


@dataclass(frozen=True, kw_only=True)
class DeliveryReport:
    """What a mail server says of one recipient (RFC 3464). ``action`` is failed, delayed, delivered or relayed."""

    address: str
    action: str
    status: str
    said: str


@dataclass(frozen=True, kw_only=True)
class ParsedMail:
    """``recipients`` are all addresses that it went to, those of the envelope too. ``text`` lacks what it quotes."""

    kind: MailKind
    key: str
    message_id: str | None = None
    sender: str = ""
    sender_name: str = ""
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    subject: str = ""
    text: str = ""
    quoted: str = ""
    html: str | None = None
    answers: tuple[str, ...] = ()  # Message-IDs, the mail that it answers first
    reports: tuple[DeliveryReport, ...] = ()
    returned: str | None = None  # the Message-ID of the mail that came back
    attachments: tuple[Attachment, ...] = ()
    raw_key: str = ""
    raw_size: int = 0
    error: str | None = None
    too_large: bool = False  # only its header was read


def extension_of(address: str, own: str) -> str | None:
    """Return ``extension`` of ``own+extension@domain``, or None where the address is another."""
    local, _, domain = own.lower().rpartition("@")
    found, _, found_domain = address.lower().rpartition("@")
    name, plus, extension = found.partition("+")
    return extension if plus and name == local and found_domain == domain else None


def is_own(address: str, own: str) -> bool:
    """Whether an address is ours, with or without an extension."""
    return address.lower() == own.lower() or extension_of(address, own) is not None
