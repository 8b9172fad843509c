"""The customer's side of mail: reads what a mail server took, and answers to where the system takes mail in."""

import smtplib
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import make_msgid
from pathlib import Path
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Postbox:
    """``folder`` is where a mail server keeps mails as .eml files; ``door`` is ``host:port`` of the way in."""

    folder: Path
    door: str

    def mails_to(self, address: str) -> list[EmailMessage]:
        """Return the mails to an address, each Message-ID once, in the order in which they came."""
        found: dict[str, EmailMessage] = {}
        for path in sorted(self.folder.glob("*.eml")):
            mail = message_from_bytes(path.read_bytes(), policy=default)
            if address in str(mail["To"]):
                # A sender that dies before it hears that its mail was taken sends it again, under the same id.
                found.setdefault(str(mail["Message-ID"]), mail)
        return list(found.values())

    def answer(self, mail: EmailMessage, sender: str, text: str) -> EmailMessage:
        """Answer a mail as any mail program does, and return the answer; ``send`` sends it."""
        answer = EmailMessage()
        answer["From"], answer["To"] = sender, mail["Reply-To"] or mail["From"]
        answer["Subject"] = f"Re: {mail['Subject']}"
        answer["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
        answer["In-Reply-To"] = answer["References"] = mail["Message-ID"]
        quoted = "\n".join(f"> {line}" for line in body_of(mail).splitlines())
        answer.set_content(f"{text}\n\n{quoted}\n")
        return answer

    def send(self, mail: EmailMessage) -> None:
        """Hand a mail in. Raises ``OSError`` where nobody takes it; the same mail may be handed in again."""
        door = urlsplit(f"//{self.door}")
        with smtplib.SMTP(door.hostname or "", door.port or 25, timeout=20) as connection:
            connection.send_message(mail)


def body_of(mail: EmailMessage) -> str:
    """Return the text of a mail."""
    part = mail.get_body(("plain",))
    return "" if part is None else str(part.get_content())
