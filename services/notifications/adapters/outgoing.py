"""How a message of ours looks as a mail."""

import hashlib
import html
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import Policy, default
from email.utils import format_datetime, formataddr, parseaddr
from typing import Final
from uuid import UUID

from chassis.settings import Settings

LOOP_HEADER: Final = "X-Trato-Loop"


@dataclass(frozen=True, kw_only=True)
class File:
    """A file that goes with a mail."""

    filename: str
    media_type: str
    content: bytes


@dataclass(frozen=True, kw_only=True)
class Draft:
    """All that a mail is made of."""

    id: UUID
    message_id: str
    to: list[str]
    cc: list[str]
    subject: str
    text: str
    html: str | None
    in_reply_to: str | None
    token: str | None
    files: list[File]
    unsubscribe: str | None = None
    locale: str = "es"


def own_address(settings: Settings) -> str:
    """Return the address that mails come from, without a name."""
    return parseaddr(settings.mail_from)[1]


def domain_of(settings: Settings) -> str:
    """Return the domain of our own address."""
    return own_address(settings).rpartition("@")[2]


def with_extension(address: str, extension: str) -> str:
    """Return ``support+extension@…``: what comes back to it says where it belongs."""
    local, _, domain = address.rpartition("@")
    return f"{local}+{extension}@{domain}"


def bounce_address(settings: Settings, id_: UUID) -> str:
    """Return where the mail comes back to when it cannot be delivered; it names the message."""
    return with_extension(own_address(settings), f"b{id_.hex}")


def loop_mark(settings: Settings) -> str:
    """Return the mark by which we know our own mails when they come back."""
    return hashlib.sha256(f"loop:{settings.secret_key}".encode()).hexdigest()[:24]


class _WholeLine(UnstructuredHeader, BaseHeader):
    """A header that stays on one line: a long address would be broken into encoded words, which nobody follows."""

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


_HEADERS: Final = HeaderRegistry()
_HEADERS.map_to_type("list-unsubscribe", _WholeLine)
_POLICY: Final = default.clone(header_factory=_HEADERS)
_FOOTER: Final = {
    "es": "Si no quiere recibir más mensajes como este:",
    "en": "If you want no more messages like this one:",
}

_NAMES: Final = {"es": "darme de baja", "en": "unsubscribe"}


def composed(draft: Draft, settings: Settings, at: datetime) -> EmailMessage:
    """Return the mail."""
    mail = EmailMessage(policy=_POLICY)
    name, address = parseaddr(settings.mail_from)
    mail["From"] = formataddr((name, address))
    mail["To"] = ", ".join(draft.to)
    if draft.cc:
        mail["Cc"] = ", ".join(draft.cc)
    mail["Subject"] = draft.subject
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = draft.message_id
    if draft.token:
        mail["Reply-To"] = formataddr((name, with_extension(address, draft.token)))
    if draft.in_reply_to:
        mail["In-Reply-To"] = draft.in_reply_to
        mail["References"] = draft.in_reply_to
    # Answering machines stay silent (RFC 3834), and we know our own mail when it comes back.
    mail["Auto-Submitted"] = "auto-generated"
    # Exchange goes by a header of its own.
    mail["X-Auto-Response-Suppress"] = "OOF, AutoReply"
    mail[LOOP_HEADER] = loop_mark(settings)
    if draft.unsubscribe:
        # One click, by the mail program itself (RFC 8058).
        mail["List-Unsubscribe"] = f"<{draft.unsubscribe}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(draft.text + _footer(draft, "\n\n-- \n{said}\n{link}\n"))
    if draft.html:
        shown = '<hr><p><small>{said} <a href="{link}">{name}</a></small></p>'
        mail.add_alternative(draft.html + _footer(draft, shown), subtype="html")
    for file in draft.files:
        main, _, sub = file.media_type.partition("/")
        mail.add_attachment(file.content, maintype=main, subtype=sub or "octet-stream", filename=file.filename)
    return mail


def _footer(draft: Draft, shown: str) -> str:
    if draft.unsubscribe is None:
        return ""
    language = "en" if draft.locale.startswith("en") else "es"
    said = _FOOTER[language]
    return shown.format(said=said, link=html.escape(draft.unsubscribe), name=_NAMES[language])
