"""Handing a mail to the mail server, and what it says: for good, for now, or of some recipients only."""

import smtplib
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Final

from chassis.variables import MailServer

SECONDS: Final = 20.0
_PERMANENT: Final = 500


@dataclass(frozen=True, kw_only=True)
class Handed:
    """The server took it. ``refused`` holds code and words for each recipient that it did not take."""

    refused: Mapping[str, tuple[int, str]] = field(default_factory=dict)


class NotTaken(Exception):
    """The server did not take a mail; ``permanent`` says that asking again does not help."""

    def __init__(self, said: str, *, permanent: bool, refused: Mapping[str, tuple[int, str]] | None = None) -> None:
        super().__init__(said)
        self.permanent, self.refused = permanent, refused or {}


def hand_over(server: MailServer, sender: str, recipients: Sequence[str], mail: EmailMessage) -> Handed:
    """Give a mail to the server. Raises ``NotTaken``; it waits without holding others up."""
    try:
        with _connected(server) as connection:
            if server.user:
                connection.login(server.user, server.password)
            refused = connection.send_message(mail, from_addr=sender, to_addrs=list(recipients))
            return Handed(refused=_plain(refused))
    except smtplib.SMTPRecipientsRefused as error:
        answers = _plain(error.recipients)
        permanent = all(code >= _PERMANENT for code, _ in answers.values())
        said = "; ".join(f"{address}: {code} {text}" for address, (code, text) in answers.items())
        raise NotTaken(said, permanent=permanent, refused=answers) from error
    except smtplib.SMTPAuthenticationError as error:
        # Wrong credentials are for the operators to set right; the mail is as good as before.
        raise NotTaken(f"the mail server does not let us in: {_said(error)}", permanent=False) from error
    except smtplib.SMTPResponseException as error:
        raise NotTaken(_said(error), permanent=error.smtp_code >= _PERMANENT and not _ours(error)) from error
    except (smtplib.SMTPException, OSError) as error:
        raise NotTaken(f"{type(error).__name__}: {error}", permanent=False) from error


def _connected(server: MailServer) -> smtplib.SMTP:
    if server.security == "smtps":
        return smtplib.SMTP_SSL(server.host, server.port, timeout=SECONDS, context=ssl.create_default_context())
    connection = smtplib.SMTP(server.host, server.port, timeout=SECONDS)
    if server.security == "starttls":
        try:
            connection.starttls(context=ssl.create_default_context())
        except BaseException:
            connection.close()
            raise
    return connection


def _ours(error: smtplib.SMTPResponseException) -> bool:
    # Refused before there was a mail: the connection or the greeting, which is not the mail's fault.
    return isinstance(error, smtplib.SMTPConnectError | smtplib.SMTPHeloError)


def _said(error: smtplib.SMTPResponseException) -> str:
    text = error.smtp_error
    return f"{error.smtp_code} {text.decode('utf-8', 'replace') if isinstance(text, bytes) else text}"


def _plain(answers: Mapping[str, tuple[int, bytes]]) -> dict[str, tuple[int, str]]:
    return {address: (code, text.decode("utf-8", "replace")) for address, (code, text) in answers.items()}
