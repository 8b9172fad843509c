"""A mail server on loopback in a process of its own, which keeps what it takes: the launcher's own."""

import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.kit.rabbitmq import free_ports
from tools.launcher.ready import port_open

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class CaughtMail:
    """Mails go to ``folder`` as files; ``door`` is a free address where the notifications service may let mail in."""

    folder: Path
    port: int = field(default_factory=lambda: free_ports(2))
    process: subprocess.Popen[bytes] | None = None

    @property
    def door(self) -> str:
        """The way in."""
        return f"127.0.0.1:{self.port + 1}"

    @property
    def settings(self) -> dict[str, str]:
        """What the notifications service is told."""
        return {"TRATO_SMTP_URL": f"smtp://127.0.0.1:{self.port}", "TRATO_MAIL_IN_ADDRESS": self.door}

    def start(self) -> "CaughtMail":
        """Start the server and return when it listens."""
        command = [sys.executable, "-m", "tools.mail_catcher", str(self.folder), f"127.0.0.1:{self.port}"]
        self.process = subprocess.Popen(command, cwd=ROOT)
        end = time.monotonic() + 60
        while not port_open("127.0.0.1", self.port):
            assert time.monotonic() < end, "the mail server does not start"
            time.sleep(0.05)
        return self

    def stop(self) -> None:
        """End the server."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait()
            self.process = None
