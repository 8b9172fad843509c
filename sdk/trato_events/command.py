"""``trato-events``: shows events as JSON lines, what is parked, and whether the credentials do what they must."""

import argparse
import json
import logging
import os
import sys
from collections.abc import Callable
from datetime import datetime
from typing import Any

from trato_events import checking, parking
from trato_events.account import Account
from trato_events.connecting import AWAY, Refused, refused
from trato_events.event import Event, instant
from trato_events.history import history
from trato_events.patterns import EVERYTHING
from trato_events.starting import FIRST, NOW

Command = Callable[[argparse.Namespace], int]
_INTERRUPTED, _PIPE_CLOSED = 130, 141


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return its exit code: 1 where something is wrong, with one sentence that says what."""
    logging.basicConfig(format="%(message)s", level=logging.WARNING)
    # What pika says of a broken connection is said here in one sentence.
    logging.getLogger("pika").setLevel(logging.CRITICAL)
    chosen = _parser().parse_args(arguments)
    command: Command = chosen.command
    try:
        return command(chosen)
    except (Refused, ValueError) as error:
        return _refuse(str(error))
    except BrokenPipeError:
        # The reader has seen enough; the interpreter must not try to write the rest.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _PIPE_CLOSED
    except AWAY as error:
        return _refuse(str(refused(error) or f"The broker does not answer: {error!r}"))
    except KeyboardInterrupt:
        return _INTERRUPTED


def _show(chosen: argparse.Namespace, *, follow: bool) -> int:
    left = chosen.limit
    found = history(
        chosen.start, patterns=chosen.pattern or EVERYTHING, follow=follow, url=chosen.url, name=chosen.name
    )
    for event in found:
        if chosen.until is not None and event.time >= chosen.until:
            # Events of different services may stand a little out of the order of time.
            continue
        if _wanted(event, chosen):
            _say({**event.raw, "cursor": event.cursor})
            left = left and left - 1
            if left == 0:
                return 0
    return 0


def _wanted(event: Event, chosen: argparse.Namespace) -> bool:
    return (
        (chosen.subject is None or event.subject == chosen.subject)
        and (chosen.concerns is None or chosen.concerns in event.concerns)
        and (chosen.correlation is None or event.correlation_id == chosen.correlation)
    )


def _tail(chosen: argparse.Namespace) -> int:
    return _show(chosen, follow=True)


def _replay(chosen: argparse.Namespace) -> int:
    return _show(chosen, follow=False)


def _parked(chosen: argparse.Namespace) -> int:
    found = parking.parked(_account(chosen), chosen.limit or 1000)
    shown = [each for each in found if chosen.id is None or (each.event is not None and each.event.id == chosen.id)]
    for each in shown:
        _say(
            {
                "id": each.event and each.event.id,
                "type": each.event and each.event.type,
                "subject": each.event and each.event.subject,
                "attempts": each.attempts,
                "error": each.error,
                "parked_at": each.parked_at,
                "event": each.event.raw if each.event else each.body.decode(errors="replace"),
            }
        )
    return 0 if shown or chosen.id is None else _refuse(f"No event {chosen.id} is parked.")


def _resend(chosen: argparse.Namespace) -> int:
    if (chosen.id is None) is not chosen.all:
        return _refuse("Name one event's id, or say --all.")
    sent = parking.resend(_account(chosen), chosen.id)
    _say({"sent": sent})
    return 0 if sent or chosen.all else _refuse(f"No event {chosen.id} is parked.")


def _check(chosen: argparse.Namespace) -> int:
    code = 0
    for finding in checking.check(_account(chosen)):
        _say({"check": finding.name, "ok": finding.ok, "said": finding.said})
        code = code if finding.ok else 1
    return code


def _account(chosen: argparse.Namespace) -> Account:
    return Account.of(chosen.url, chosen.name)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="trato-events", description=__doc__)
    parser.add_argument("--url", help="amqp://user:password@host:5672/vhost; without it TRATO_EVENTS_URL")
    parser.add_argument("--name", help="the subscription; without it TRATO_EVENTS_NAME, or the user's name")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, command: Command, text: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=text, description=text)
        made.set_defaults(command=command)
        return made

    for name, command, start, text in (
        ("tail", _tail, NOW, "show events as they are told, one JSON envelope a line; --from reads the history first"),
        ("replay", _replay, FIRST, "show the history, one JSON envelope a line, and end where it ends"),
    ):
        one = add(name, command, text)
        one.add_argument("pattern", nargs="*", help="for example crm.sales.*; without it everything")
        one.add_argument("--from", dest="start", default=start, help="first, a date, an instant, or a cursor")
        one.add_argument("--until", type=_instant, help="leave out what happened at this instant or later")
        one.add_argument("--subject", help="for example leads/<id>")
        one.add_argument("--concerns", help="the id of a person or a company")
        one.add_argument("--correlation", help="everything that one request set off")
        one.add_argument("--limit", type=_positive, help="end after so many events")

    one = add("parked", _parked, "list what the handler gave up on, with the error, one JSON object a line")
    one.add_argument("id", nargs="?", help="an event's id")
    one.add_argument("--limit", type=_positive)

    one = add("resend", _resend, "put parked events back into the subscription's queue")
    one.add_argument("id", nargs="?", help="an event's id")
    one.add_argument("--all", action="store_true")

    add("check", _check, "look whether the credentials do what they must, and no more, and how the subscription stands")
    return parser


def _instant(text: str) -> datetime:
    try:
        return instant(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no instant, such as 2026-11-02 or 2026-11-02T10:00Z") from None


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError
    return number


def _say(values: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(values, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def _refuse(sentence: str) -> int:
    sys.stderr.write(f"{sentence}\n")
    return 1
