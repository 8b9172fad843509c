"""A program that answers every mail, in the manner of those that nobody should have written: it marks nothing."""

import smtplib
import threading
import time
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import make_msgid, parseaddr

from services.notifications.adapters.mail_door import Door


@dataclass
class Responder:
    """A mail server on loopback; each mail that it takes is answered over SMTP, to the door at ``answers_to``."""

    answers_to: int
    mails: list[EmailMessage] = field(default_factory=list)
    answered: int = 0
    door: Door | None = None

    def start(self):
        self.door = Door(("127.0.0.1", 0), lambda _address: True, self._take)
        threading.Thread(target=self.door.serve, daemon=True).start()
        return self

    @property
    def url(self):
        return f"smtp://127.0.0.1:{self.door.port}"

    def stop(self):
        self.door.close()

    def rest(self):
        """Return when everything is answered."""
        end = time.monotonic() + 60
        while self.answered < len(self.mails):
            assert time.monotonic() < end, "an answer is missing"
            time.sleep(0.01)

    def _take(self, raw, _sender, recipients):
        mail = message_from_bytes(raw, policy=default)
        self.mails.append(mail)
        threading.Thread(target=self._answer, args=(mail, recipients[0]), daemon=True).start()
        return "250 2.0.0 thank you"

    def _answer(self, mail, myself):
        answer = EmailMessage()
        answer["From"] = myself
        answer["To"] = address = parseaddr(str(mail["Reply-To"] or mail["From"]))[1]
        answer["Subject"] = f"Re: {mail['Subject']}"
        answer["Message-ID"] = make_msgid(domain="acme.example")
        answer["In-Reply-To"] = mail["Message-ID"]
        answer.set_content("Gracias por su mensaje. Le contestaremos en breve.")
        with smtplib.SMTP("127.0.0.1", self.answers_to) as connection:
            connection.send_message(answer, myself, [address])
        self.answered += 1
