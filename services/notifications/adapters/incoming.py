"""Reading a mail: whatever comes in over whatever way becomes a parsed mail, even what cannot be parsed."""

import email
import email.policy
import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from email.message import EmailMessage, MIMEPart
from email.utils import getaddresses
from enum import Enum
from typing import Final, TypeVar, cast

from services.notifications.adapters.clean_html import as_text, cleaned
from services.notifications.adapters.delivery_reports import reports_in, returned_message
from services.notifications.adapters.outgoing import LOOP_HEADER
from services.notifications.domain.parsed_mail import Attachment, MailKind, ParsedMail
from services.notifications.domain.quotation import parted

T = TypeVar("T")
Store = Callable[[bytes], tuple[str, int]]
LONGEST_TEXT: Final = 100_000
_MOST_PARTS: Final = 200
_MESSAGE_ID: Final = re.compile(r"<[^<>\s]{1,250}>")
_LEFT: Final = "the mail has {size} bytes, which is too many; it is left where it came to"
# What its writer wrote. The servers on its way each add lines of their own.
_WRITTEN: Final = ("From", "Sender", "Reply-To", "To", "Cc", "Subject", "Date", "In-Reply-To", "References")
_UNPRINTABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """How a mail came: ``sender`` is empty for none, None where nobody said.

    ``whole`` is how many bytes it has where it is too large, and only its header came.
    """

    sender: str | None
    recipients: Sequence[str]
    whole: int | None = None


def parse(raw: bytes, came: Envelope, *, loop_mark: str, store: Store) -> ParsedMail:
    """Return a mail, read. ``store`` keeps the original and the attachments.

    What cannot be read is kept too, with what went wrong.
    """
    key, size = store(raw)
    digest = f"sha256:{hashlib.sha256(raw).hexdigest()}"
    try:
        mail = email.message_from_bytes(raw, policy=email.policy.default)
        read = _printable(_read(mail, came, loop_mark, store))
        size = came.whole or size
        return replace(read, key=read.message_id or _content_key(mail, raw), raw_key=key, raw_size=size)
    except Exception as error:  # noqa: BLE001 - any mail may come, and none may be lost
        unreadable = ParsedMail(
            kind=MailKind.UNREADABLE,
            key=digest,
            recipients=tuple(came.recipients),
            sender=came.sender or "",
            raw_key=key,
            raw_size=came.whole or size,
            error=f"{type(error).__name__}: {error}"[:2000],
        )
        return _printable(unreadable)


def _printable(value: T) -> T:
    """Return a value without what no database keeps as text, however deep within it."""
    if isinstance(value, str) and not isinstance(value, Enum):
        return cast("T", _UNPRINTABLE.sub("�", value))
    if isinstance(value, tuple):
        return cast("T", tuple(map(_printable, value)))
    if is_dataclass(value) and not isinstance(value, type):
        return cast("T", replace(value, **{each.name: _printable(getattr(value, each.name)) for each in fields(value)}))
    return value


def _read(mail: EmailMessage, came: Envelope, loop_mark: str, store: Store) -> ParsedMail:
    [(name, address), *_] = _addresses(mail, "From") or [("", "")]
    kind = _kind(mail, came.sender, loop_mark)
    if not address and kind is MailKind.MAIL:
        raise ValueError("there is no sender")
    plain, markup = _bodies(mail)
    text, quoted = parted(plain if plain is not None else as_text(markup or ""))
    to, cc = ([found for _, found in _addresses(mail, header)] for header in ("To", "Cc"))
    passed = [found for header in ("Delivered-To", "X-Original-To") for _, found in _addresses(mail, header)]
    return ParsedMail(
        kind=kind,
        key="",
        message_id=next(iter(_MESSAGE_ID.findall(str(mail.get("Message-ID", "")))), None),
        sender=address.lower(),
        sender_name=_tidy(name),
        to=tuple(to),
        cc=tuple(cc),
        recipients=tuple(dict.fromkeys([*came.recipients, *to, *cc, *passed])),
        subject=_tidy(str(mail.get("Subject", ""))),
        text=text[:LONGEST_TEXT],
        quoted=quoted[:LONGEST_TEXT],
        html=cleaned(markup)[:LONGEST_TEXT] if markup else None,
        answers=_answers(mail),
        reports=tuple(reports_in(mail)),
        returned=returned_message(mail),
        attachments=tuple(_attachments(mail, store)),
        too_large=came.whole is not None,
        error=_LEFT.format(size=came.whole) if came.whole is not None else None,
    )


def _content_key(mail: EmailMessage, raw: bytes) -> str:
    """Return what a mail without a Message-ID is known by: all that stays the same on every way to us."""
    written = [f"{name}:{' '.join(str(each).split())}" for name in _WRITTEN for each in mail.get_all(name, [])]
    body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")[2].strip()
    said = "\n".join(written).encode("utf-8", "replace")
    return f"sha256:{hashlib.sha256(said + b'|' + body).hexdigest()}"


def _kind(mail: EmailMessage, sender: str | None, loop_mark: str) -> MailKind:
    if str(mail.get(LOOP_HEADER, "")).strip() == loop_mark:
        return MailKind.OWN
    report = mail.get_content_type() == "multipart/report"
    if report and mail.get_param("report-type") == "delivery-status":
        return MailKind.BOUNCE
    automatic = str(mail.get("Auto-Submitted", "no")).partition(";")[0].strip().lower() != "no"
    machine = any(name in mail for name in ("X-Autoreply", "X-Autorespond", "X-Auto-Reply"))
    answering = str(mail.get("Precedence", "")).strip().lower() in {"auto_reply", "auto-reply"}
    # A person's mail has somebody to return it to.
    nobody = sender == "" or (sender is None and str(mail.get("Return-Path", "")).strip() == "<>")
    return MailKind.AUTOMATIC if report or automatic or machine or answering or nobody else MailKind.MAIL


def _addresses(mail: EmailMessage, header: str) -> list[tuple[str, str]]:
    found = getaddresses([str(each) for each in mail.get_all(header, [])])
    return [(name, address) for name, address in found if "@" in address and len(address) <= 254]  # noqa: PLR2004


def _answers(mail: EmailMessage) -> tuple[str, ...]:
    parent = _MESSAGE_ID.findall(str(mail.get("In-Reply-To", "")))
    before = _MESSAGE_ID.findall(str(mail.get("References", "")))
    return tuple(dict.fromkeys([*parent, *reversed(before)]))[:50]


def _bodies(mail: EmailMessage) -> tuple[str | None, str | None]:
    plain, markup = mail.get_body(("plain",)), mail.get_body(("html",))
    return (_text(plain) if plain is not None else None), (_text(markup) if markup is not None else None)


def _text(part: MIMEPart) -> str:
    try:
        content = part.get_content()
        text = content if isinstance(content, str) else str(content)
    except (LookupError, UnicodeError):
        # A character set that nobody knows: better a few wrong letters than no mail.
        payload = part.get_payload(decode=True)
        text = payload.decode("latin-1") if isinstance(payload, bytes) else str(payload)
    return _UNPRINTABLE.sub("�", text.replace("\r\n", "\n").replace("\r", "\n"))


def _attachments(mail: EmailMessage, store: Store) -> Iterable[Attachment]:
    if mail.get_content_type() == "multipart/report":
        return
    for number, part in enumerate(mail.iter_attachments(), 1):
        if number > _MOST_PARTS:
            return
        nested = part.get_content_type() == "message/rfc822"
        payload = part.get_payload(0).as_bytes() if nested else part.get_payload(decode=True)  # type: ignore[union-attr]
        content = payload if isinstance(payload, bytes) else b""
        key, size = store(content)
        name = _tidy(part.get_filename() or ("message.eml" if nested else f"part-{number}"))
        yield Attachment(
            filename=name.replace("/", "_").replace("\\", "_")[:255] or f"part-{number}",
            media_type=part.get_content_type()[:255],
            size=size,
            key=key,
        )


def _tidy(text: str) -> str:
    return " ".join(_UNPRINTABLE.sub("�", text).split())[:255]
