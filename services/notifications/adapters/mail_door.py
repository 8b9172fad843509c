"""A door for mail: LMTP (RFC 2033) for a mail server beside us, and as much of SMTP as one that hands on needs."""

import logging
import re
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from chassis.variables import Address
from services.notifications.domain.parsed_mail import LARGEST

MOST_RECIPIENTS: Final = 100
AT_ONCE: Final = 20
_LONGEST_LINE: Final = 4096
_IDLE: Final = 120.0
_ADDRESS: Final = re.compile(r"^[A-Z]+ (?:FROM|TO):\s*<([^<>]*)>", re.IGNORECASE)
# Whoever sends it reads this in the notice of their own mail server.
_MEGABYTES: Final = LARGEST // 1024 // 1024
_TOO_LARGE: Final = (
    f"552 5.3.4 Your mail is too large, {_MEGABYTES} MB can be taken: please send the files in several mails or a link "
    f"/ Su correo es demasiado grande, se admiten {_MEGABYTES} MB: envie los archivos en varios correos o un enlace."
)
_SIZE: Final = re.compile(r"\bSIZE=(\d+)", re.IGNORECASE)

Accepts = Callable[[str], bool]
Takes = Callable[[bytes, str, list[str]], str]
log = logging.getLogger(__name__)


class Door:
    """Listens at an address; ``accepts`` says whose mail is ours, ``takes`` keeps one and returns the reply.

    Each connection has a thread of its own, green in a service's process. A mail is answered with 250 only after
    ``takes`` returned, so that whoever sent it may forget it.
    """

    def __init__(self, address: Address, accepts: Accepts, takes: Takes) -> None:
        self._accepts, self._takes = accepts, takes
        self._free = threading.Semaphore(AT_ONCE)
        family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        self._socket = socket.socket(family, socket.SOCK_STREAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # Several processes of the service listen at one address; the kernel shares connections out.
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        self._socket.bind(address)
        self._socket.listen(AT_ONCE)
        self._socket.settimeout(0.5)
        self.port: int = self._socket.getsockname()[1]
        self._closing = False

    def serve(self) -> None:
        """Let mail in until ``close``."""
        while not self._closing:
            try:
                connection, _ = self._socket.accept()
            except TimeoutError:
                continue
            except OSError:
                break
            self._free.acquire()
            threading.Thread(target=self._talk, args=(connection,), daemon=True).start()
        self._socket.close()

    def close(self) -> None:
        """Let nobody in any more; who is inside may finish."""
        self._closing = True

    def _talk(self, connection: socket.socket) -> None:
        try:
            connection.settimeout(_IDLE)
            with suppress(OSError):
                _Conversation(connection, self._accepts, self._takes).run()
        finally:
            self._free.release()
            with suppress(OSError):
                connection.close()


@dataclass
class _Mail:
    sender: str | None = None
    recipients: list[str] = field(default_factory=list)


class _Conversation:
    def __init__(self, connection: socket.socket, accepts: Accepts, takes: Takes) -> None:
        self._connection, self._accepts, self._takes = connection, accepts, takes
        self._lines = connection.makefile("rb")
        self._mail, self._lmtp = _Mail(), False

    def run(self) -> None:
        self._say("220 trato mail")
        end = time.monotonic() + 30 * 60
        while time.monotonic() < end:
            line = self._lines.readline(_LONGEST_LINE)
            if not line.endswith(b"\n"):
                return
            text = line.decode("utf-8", "replace").strip()
            verb = text.partition(" ")[0].upper()
            if verb == "QUIT":
                self._say("221 2.0.0 bye")
                return
            self._answer(verb, text)

    def _answer(self, verb: str, text: str) -> None:
        match verb:
            case "LHLO" | "EHLO" | "HELO":
                self._hello(text)
            case "MAIL":
                self._from(text)
            case "RCPT":
                self._to(text)
            case "DATA":
                self._data()
            case "RSET":
                self._mail = _Mail()
                self._say("250 2.0.0 OK")
            case "NOOP":
                self._say("250 2.0.0 OK")
            case _:
                self._say("502 5.5.1 that is not done here")

    def _say(self, *lines: str) -> None:
        self._connection.sendall("".join(f"{line}\r\n" for line in lines).encode())

    def _hello(self, text: str) -> None:
        self._lmtp, self._mail = text[:4].upper() == "LHLO", _Mail()
        if text[:4].upper() == "HELO":
            self._say("250 trato")
        else:
            self._say("250-trato", f"250-SIZE {LARGEST}", "250-8BITMIME", "250-SMTPUTF8", "250 PIPELINING")

    def _from(self, text: str) -> None:
        found, size = _ADDRESS.match(text), _SIZE.search(text)
        if found is None:
            self._say("501 5.1.7 whose mail?")
        elif size is not None and int(size[1]) > LARGEST:
            self._say(_TOO_LARGE)
        else:
            self._mail = _Mail(sender=found[1])
            self._say("250 2.1.0 OK")

    def _to(self, text: str) -> None:
        found = _ADDRESS.match(text)
        if self._mail.sender is None:
            self._say("503 5.5.1 MAIL first")
        elif found is None or not self._accepts(found[1]):
            self._say("550 5.1.1 no mailbox of ours")
        elif len(self._mail.recipients) >= MOST_RECIPIENTS:
            self._say("452 4.5.3 that is enough recipients")
        else:
            self._mail.recipients.append(found[1])
            self._say("250 2.1.5 OK")

    def _data(self) -> None:
        mail, self._mail = self._mail, _Mail()
        if not mail.recipients:
            self._say("503 5.5.1 no recipients")
            return
        self._say("354 go on")
        raw = self._body()
        if raw is None:
            reply = _TOO_LARGE
        else:
            try:
                reply = self._takes(raw, mail.sender or "", mail.recipients)
            except Exception:
                log.exception("a mail is not taken in; whoever sent it keeps it and tries again")
                reply = "451 4.3.0 not now"
        # LMTP answers for each recipient, SMTP once.
        self._say(*[reply] * (len(mail.recipients) if self._lmtp else 1))

    def _body(self) -> bytes | None:
        """Return what was sent up to the lone dot, or None where it is too much."""
        parts: list[bytes] = []
        size = 0
        while True:
            line = self._lines.readline(1024 * 1024)
            if not line:
                raise ConnectionError("the mail ended in the middle")
            if line in {b".\r\n", b".\n"}:
                return b"".join(parts) if size <= LARGEST else None
            line = line[1:] if line.startswith(b"..") else line
            size += len(line)
            if size <= LARGEST:
                parts.append(line)
