"""As much of an IMAP server as looking into a mailbox needs, on a real socket."""

import re
import socketserver
import threading
from dataclasses import dataclass, field


@dataclass
class ImapServer:
    """Keeps ``mails`` by their numbers and notes every command; ``validity`` is its UIDVALIDITY."""

    mails: dict[int, bytes] = field(default_factory=dict)
    validity: int = 7
    password: str = "geheim"
    commands: list[str] = field(default_factory=list)
    server: socketserver.ThreadingTCPServer | None = None

    @property
    def port(self):
        return self.server.server_address[1]

    def put(self, raw):
        self.mails[max(self.mails, default=0) + 1] = raw

    def start(self):  # noqa: C901 - one branch for each command
        imap = self

        class Handler(socketserver.StreamRequestHandler):
            def say(self, text):
                self.wfile.write(text if isinstance(text, bytes) else f"{text}\r\n".encode())

            def handle(self):  # noqa: C901 - the same
                self.say("* OK ready")
                for line in self.rfile:
                    tag, _, command = line.decode().strip().partition(" ")
                    imap.commands.append(command)
                    if command.startswith("LOGIN"):
                        good = imap.password in command
                        self.say(f"{tag} OK in" if good else f"{tag} NO wrong password")
                    elif command.startswith("EXAMINE") and "INBOX" not in command:
                        self.say(f"{tag} NO no such folder")
                    elif command.startswith("EXAMINE"):
                        self.say(f"* {len(imap.mails)} EXISTS")
                        self.say(f"* OK [UIDVALIDITY {imap.validity}] UIDs valid")
                        self.say(f"{tag} OK [READ-ONLY] done")
                    elif found := re.match(r"UID SEARCH UID (\d+):\*", command):
                        numbers = [n for n in imap.mails if n >= int(found[1])] or sorted(imap.mails)[-1:]
                        self.say(f"* SEARCH {' '.join(map(str, numbers))}")
                        self.say(f"{tag} OK done")
                    elif found := re.match(r"UID FETCH (\d+) \(RFC822.SIZE\)", command):
                        size = len(imap.mails[int(found[1])])
                        self.say(f"* 1 FETCH (UID {found[1]} RFC822.SIZE {size})")
                        self.say(f"{tag} OK done")
                    elif found := re.match(r"UID FETCH (\d+)", command):
                        raw = imap.mails[int(found[1])]
                        if "HEADER" in command:
                            raw = raw.partition(b"\n\n")[0] + b"\n\n"
                        self.say(f"* 1 FETCH (UID {found[1]} BODY[] {{{len(raw)}}}".encode() + b"\r\n" + raw + b")\r\n")
                        self.say(f"{tag} OK done")
                    elif command == "CAPABILITY":
                        self.say("* CAPABILITY IMAP4rev1")
                        self.say(f"{tag} OK done")
                    elif command == "LOGOUT":
                        self.say("* BYE")
                        self.say(f"{tag} OK done")
                        return
                    else:
                        self.say(f"{tag} BAD what?")

        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
