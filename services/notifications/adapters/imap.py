"""Looking into a mailbox by IMAP: new mails are copied; nothing there is marked, moved or deleted."""

import imaplib
import re
import ssl
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from services.notifications.domain.mailbox import MailboxSecurity
from services.notifications.domain.parsed_mail import LARGEST

SECONDS: Final = 30.0
MOST: Final = 50  # mails that one look brings; the next look follows at once
MOST_BYTES: Final = 2 * LARGEST  # the same
_SIZE: Final = re.compile(rb"RFC822\.SIZE (\d+)")
_UID: Final = re.compile(rb"\d+")


class MailboxAway(Exception):
    """The mailbox cannot be looked into now."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where to look, and where the last look ended. ``last_uid`` is None before the first one."""

    host: str
    port: int
    security: MailboxSecurity
    username: str
    folder: str
    uid_validity: int | None
    last_uid: int | None
    from_the_beginning: bool


@dataclass(frozen=True, kw_only=True)
class Fetched:
    """One mail, raw; of one that is too large the header, and how many bytes the ``whole`` has."""

    raw: bytes
    whole: int | None = None


@dataclass(frozen=True, kw_only=True)
class Found:
    """New mails; ``more`` says that there are others."""

    uid_validity: int
    last_uid: int
    mails: list[Fetched]
    more: bool


def look(place: Place, password: str) -> Found:
    """Return what is new. Raises ``MailboxAway``."""
    try:
        connection = _connected(place)
        try:
            connection.login(place.username, password)
            return _new(connection, place)
        finally:
            with suppress(imaplib.IMAP4.error, OSError):
                connection.logout()
    except (imaplib.IMAP4.error, OSError, UnicodeError) as error:
        raise MailboxAway(f"{type(error).__name__}: {error}") from error


def _connected(place: Place) -> imaplib.IMAP4:
    if place.security is MailboxSecurity.IMAPS:
        return imaplib.IMAP4_SSL(place.host, place.port, ssl_context=ssl.create_default_context(), timeout=SECONDS)
    connection = imaplib.IMAP4(place.host, place.port, timeout=SECONDS)
    if place.security is MailboxSecurity.STARTTLS:
        try:
            connection.starttls(ssl.create_default_context())
        except BaseException:
            connection.shutdown()
            raise
    return connection


def _new(connection: imaplib.IMAP4, place: Place) -> Found:
    folder = place.folder.replace("\\", "\\\\").replace('"', '\\"')
    status, _ = connection.select(f'"{folder}"', readonly=True)
    if status != "OK":
        raise MailboxAway(f"there is no folder {place.folder}")
    validity = _number(connection.response("UIDVALIDITY")[1])
    # Where the server numbers anew, the old numbers mean nothing; what is known is recognised by its Message-ID.
    last = place.last_uid if place.uid_validity in {None, validity} else 0
    if last is None and not place.from_the_beginning:
        return Found(uid_validity=validity, last_uid=max(_uids(connection, 1), default=0), mails=[], more=False)
    wanted = _uids(connection, (last or 0) + 1)
    mails, seen, size = list[Fetched](), last or 0, 0
    for number, uid in enumerate(wanted):
        if number >= MOST or size >= MOST_BYTES:
            return Found(uid_validity=validity, last_uid=seen, mails=mails, more=True)
        fetched = _fetched(connection, uid)
        seen, size = uid, size + len(fetched.raw)
        mails += [fetched] if fetched.raw else []
    return Found(uid_validity=validity, last_uid=seen, mails=mails, more=False)


def _fetched(connection: imaplib.IMAP4, uid: int) -> Fetched:
    _, data = connection.uid("FETCH", str(uid), "(RFC822.SIZE)")
    found = _SIZE.search(b" ".join(each for each in data if isinstance(each, bytes)))
    if found is not None and int(found[1]) > LARGEST:
        return Fetched(raw=_raw(connection, uid, "BODY.PEEK[HEADER]"), whole=int(found[1]))
    return Fetched(raw=_raw(connection, uid, "BODY.PEEK[]"))


def _uids(connection: imaplib.IMAP4, first: int) -> list[int]:
    _, data = connection.uid("SEARCH", f"UID {first}:*")
    # "n:*" names the last mail even where its number is smaller than n.
    return sorted(uid for uid in map(int, _UID.findall(data[0] or b"")) if uid >= first)


def _raw(connection: imaplib.IMAP4, uid: int, part: str) -> bytes:
    _, data = connection.uid("FETCH", str(uid), f"({part})")
    return next((part[1] for part in data if isinstance(part, tuple)), b"")


def _number(data: Any) -> int:
    found = _UID.search(data[0]) if data and data[0] else None
    return int(found[0]) if found else 0
