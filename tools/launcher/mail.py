"""Mail of a development system: a server that delivers nothing, and `./trato mail` to look at what it took."""

import os
import re
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from tools.launcher import ports
from tools.launcher.memory import state
from tools.launcher.place import Place
from tools.launcher.processes import Program
from tools.launcher.terminal import complain, say
from tools.launcher.words import tr

_SHOWN = 20
_TIER = 1


def program(place: Place, environment: dict[str, str]) -> list[Program]:
    """Return the mail server, as a list; an empty one where the person has named a server of their own."""
    if not _is_ours():
        return []
    # One port for what goes out, the next one for the way in.
    port = ports.remembered(state(place), "mail", count=2)
    command = [str(place.python), "-m", "tools.mail_catcher", str(place.mail), f"127.0.0.1:{port}"]
    return [Program(name="mail", command=command, environment=environment, tier=_TIER, patience=5)]


def settings(place: Place) -> dict[str, str]:
    """Return where mail goes out and comes in; empty where the person has named a server of their own."""
    port = state(place).get("port.mail", 0)
    if not port or not _is_ours():
        return {}
    return {"TRATO_SMTP_URL": f"smtp://127.0.0.1:{port}", "TRATO_MAIL_IN_ADDRESS": f"127.0.0.1:{port + 1}"}


def run(place: Place, arguments: list[str]) -> int:
    """List the latest mails, or show the one whose number is given."""
    if arguments and not (len(arguments) == 1 and re.fullmatch(r"\d{1,9}", arguments[0])):
        complain(tr("./trato mail [NUMBER]", "./trato mail [NÚMERO]"))
        return 2
    if arguments:
        return _show(place.mail / f"{int(arguments[0]):06d}.eml")
    mails = sorted(place.mail.glob("*.eml"))[-_SHOWN:]
    for path in mails:
        mail = _read(path)
        say(f"  {int(path.stem):>5}  {mail['Date']!s:<31}  {mail['Delivered-To']!s:<36}  {mail['Subject']}")
    if not mails:
        say(tr("No mail has left yet.", "Todavía no ha salido ningún correo."))
    return 0


def _show(path: Path) -> int:
    if not path.exists():
        complain(tr(f"There is no mail {int(path.stem)}.", f"No hay ningún correo {int(path.stem)}."))
        return 1
    mail = _read(path)
    for name in ("From", "Delivered-To", "Reply-To", "Date", "Subject"):
        if mail[name]:
            say(f"{name}: {mail[name]}")
    part = mail.get_body(("plain", "html"))
    text = "" if part is None else str(part.get_content())
    say("\n" + "\n".join(text.rstrip().splitlines()))
    for file in mail.iter_attachments():
        say(f"[{file.get_filename()}]")
    return 0


def _read(path: Path) -> EmailMessage:
    return message_from_bytes(path.read_bytes(), policy=default)


def _is_ours() -> bool:
    production = os.environ.get("TRATO_ENVIRONMENT", "development") != "development"
    return "TRATO_SMTP_URL" not in os.environ and not production
