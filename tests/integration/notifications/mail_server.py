"""A mail server on loopback, in a process of its own: ``python -m tests.integration.notifications.mail_server FOLDER``.

It keeps each mail as a file. An address that begins with ``full`` is refused for now, ``nobody`` for good; a subject
with ``later`` is refused for now, ``never`` for good. With a password it demands to be logged in to. With a certificate
it speaks TLS: from the start (smtps), or after STARTTLS, without which it takes nothing.
"""

import asyncio
import json
import ssl
import subprocess
import sys
import time
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import default
from pathlib import Path

from tests.integration.notifications.held_port import HeldPort, bound

ROOT = Path(__file__).resolve().parents[3]


@dataclass
class MailServer:
    """The running server as a test sees it; ``go_away`` and ``start`` take it off its port and bring it back there."""

    folder: Path
    process: subprocess.Popen | None = None
    port: int = 0
    password: str = ""
    security: str = "smtp"
    certificates: Path | None = None
    held: HeldPort = field(default_factory=HeldPort)

    @property
    def url(self):
        login = f"trato:{self.password}@" if self.password else ""
        return f"{self.security}://{login}127.0.0.1:{self.port}"

    def start(self):
        command = [sys.executable, "-m", "tests.integration.notifications.mail_server", str(self.folder)]
        more = [str(self.port), self.password, self.security, str(self.certificates or "")]
        self.process = subprocess.Popen([*command, *more], cwd=ROOT)
        ready, end = self.folder / "ready", time.monotonic() + 60
        while not ready.exists():
            assert time.monotonic() < end, "the mail server does not start"
            assert self.process.poll() is None, "the mail server ended"
            time.sleep(0.02)
        self.port = int(ready.read_text())
        self.held.let_go()
        return self

    def stop(self):
        self.held.let_go()
        if self.process is not None:
            self.process.terminate()
            self.process.wait()
            self.process = None
            (self.folder / "ready").unlink(missing_ok=True)

    def go_away(self):
        self.stop()
        self.held.hold(self.port)

    @property
    def mails(self):
        """What it took: envelope and parsed mail, in order."""
        found = []
        for path in sorted(self.folder.glob("*.eml")):
            envelope = json.loads(path.with_suffix(".json").read_text())
            found.append((envelope, message_from_bytes(path.read_bytes(), policy=default)))
        return found


async def serve(folder, port, password, security, certificates):
    from aiosmtpd.controller import Controller
    from aiosmtpd.smtp import AuthResult

    class Keeper:
        number = len(list(folder.glob("*.eml")))

        async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802 - aiosmtpd calls it
            if address.startswith("full"):
                return "452 4.2.2 the mailbox is full"
            if address.startswith("nobody"):
                return "550 5.1.1 there is nobody of that name"
            envelope.rcpt_tos.append(address)
            return "250 OK"

        async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 - the same
            subject = str(message_from_bytes(envelope.content, policy=default)["Subject"])
            if "later" in subject:
                return "451 4.3.0 not now"
            if "never" in subject:
                return "554 5.7.1 we do not want this"
            self.number += 1
            name = folder / f"{self.number:05d}"
            sent = {"from": envelope.mail_from, "to": envelope.rcpt_tos}
            name.with_suffix(".json").write_text(json.dumps(sent))
            name.with_suffix(".eml").write_bytes(envelope.content)
            return "250 OK"

    def log_in(_server, _session, _envelope, _mechanism, data):
        return AuthResult(success=data.password == password.encode())

    more = {"authenticator": log_in, "auth_required": True, "auth_require_tls": False} if password else {}
    if certificates:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(f"{certificates}/certificate.pem", f"{certificates}/key.pem")
        more |= {"ssl_context": context} if security == "smtps" else {"tls_context": context, "require_starttls": True}
    listening = bound(port)

    class Here(Controller):
        def _create_server(self):
            return self.loop.create_server(self._factory_invoker, sock=listening, ssl=self.ssl_context)

    port = listening.getsockname()[1]
    Here(Keeper(), hostname="127.0.0.1", port=port, ready_timeout=50, **more).start()
    (folder / "starting").write_text(str(port))
    (folder / "starting").rename(folder / "ready")
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), int(sys.argv[2]), *sys.argv[3:]))
