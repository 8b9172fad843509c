"""``./trato events``: watch events pass, look at what is parked, send it again, replay history, find orphans."""

import argparse
import sys
import uuid
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime

from amqp.exceptions import AMQPError

from chassis.bus import parking
from chassis.bus.amqp import NotConfirmed
from chassis.bus.replay import Consumer, Selection, replay
from chassis.clock import utc_now
from chassis.db.database import Database
from chassis.ops import discovery
from chassis.ops.discovery import NoSuchService
from chassis.settings import Settings, SettingsError, load
from tools.event_orphans import orphans
from tools.event_tail import tail

Command = Callable[[argparse.Namespace, Settings], int]
_ERROR_WIDTH = 100


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return its exit code: 1 where something is wrong, with one sentence that says what."""
    chosen = _parser().parse_args(arguments)
    command: Command = chosen.command
    try:
        return command(chosen, load())
    except (NoSuchService, SettingsError, ValueError) as error:
        return _refuse(str(error))
    except NotConfirmed as error:
        return _refuse(f"The broker took nothing: {error}")
    except (AMQPError, OSError) as error:
        return _refuse(f"The broker does not answer: {error!r}. Is the stack running (./trato up)?")
    except KeyboardInterrupt:
        return 130


def _tail(chosen: argparse.Namespace, settings: Settings) -> int:
    try:
        tail(
            settings.broker_url,
            pattern=chosen.type or "crm.#",
            start=chosen.start,
            subject=chosen.subject,
            raw=chosen.json,
        )
    except BrokenPipeError:  # the reader has seen enough
        sys.stderr.close()
    return 0


def _parked(chosen: argparse.Namespace, settings: Settings) -> int:
    if chosen.id:
        return _show(chosen, settings)
    total = 0
    for service in _services(chosen.service):
        found = parking.parked(settings.broker_url, service, chosen.limit)
        for each in found:
            age = _age(each.parked_at)
            _say(f"{service}  {each.id}  {each.type}  {each.subject}  attempt {each.attempt}  {age}")
            _say(f"    {each.error[:_ERROR_WIDTH]}")
        total += len(found)
    _say("Nothing is parked." if total == 0 else f"{total} parked. Send them again with: ./trato events resend")
    return 0


def _show(chosen: argparse.Namespace, settings: Settings) -> int:
    for service in _services(chosen.service):
        for each in parking.parked(settings.broker_url, service, chosen.limit):
            if each.id == chosen.id:
                _say(f"{service}  {each.type}  {each.subject}  attempt {each.attempt}  {_age(each.parked_at)}")
                _say(each.error)
                _say(each.body.decode(errors="replace"))
                return 0
    return _refuse(f"No event {chosen.id} is parked.")


def _resend(chosen: argparse.Namespace, settings: Settings) -> int:
    if not chosen.id and not chosen.all:
        return _refuse("Name one event's id, or say --all.")
    sent = sum(parking.resend(settings.broker_url, each, chosen.id) for each in _services(chosen.service))
    _say(f"{sent} sent again.")
    return 0 if sent or chosen.all else 1


def _replay(chosen: argparse.Namespace, settings: Settings) -> int:
    selection = Selection(
        since=chosen.since, before=chosen.before, type=chosen.type, subject=chosen.subject, event_id=chosen.id
    )
    with ExitStack() as stack:

        def opened(name: str) -> Database:
            database = Database(settings.database_url(name), pool_size=1)
            stack.callback(database.dispose)
            return database

        owner, consumer = discovery.load(chosen.service), discovery.load(chosen.to)
        target = Consumer(chosen.to, opened(chosen.to) if chosen.again else None, consumer.metadata)
        total = 0
        for total in replay(
            chosen.service,
            opened(chosen.service),
            owner.metadata,
            settings.broker_url,
            to=target,
            selection=selection,
            again=chosen.again,
        ):
            sys.stderr.write(f"\r{total} events")
        _say(f"\r{total} events of {chosen.service} are in the queue of {chosen.to}.")
    return 0


def _orphans(chosen: argparse.Namespace, settings: Settings) -> int:
    listening = {name for name in discovery.service_names() if discovery.load(name).handlers is not None}
    found = orphans(
        settings.broker_url, listening, management=chosen.management, named=chosen.name, delete=chosen.delete
    )
    for each in found:
        _say(f"{each}{'  deleted' if chosen.delete else ''}")
    _say("No orphans." if not found else f"{len(found)} found.")
    return 0 if not found or chosen.delete else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./trato events", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, command: Command, text: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=text, description=text)
        made.set_defaults(command=command)
        return made

    one = add("tail", _tail, "show events as they pass; --from reads the history first")
    one.add_argument("--from", dest="start", type=_start, help="first, last, or an instant such as 2026-11-02T09:30")
    one.add_argument("--type", help="a routing key; * is one word, # any number of words")
    one.add_argument("--subject", help="for example people/<id>")
    one.add_argument("--json", action="store_true", help="print whole envelopes, one a line")

    one = add("parked", _parked, "list what handlers gave up on, or show one")
    one.add_argument("id", nargs="?", help="an event's id")
    one.add_argument("--service")
    one.add_argument("--limit", type=int, default=1000)

    one = add("resend", _resend, "put parked events back into their service's queue")
    one.add_argument("id", nargs="?", help="an event's id")
    one.add_argument("--all", action="store_true")
    one.add_argument("--service")

    one = add("replay", _replay, "publish stored events of one service to one consumer; twice is harmless")
    one.add_argument("--service", required=True, help="whose events")
    one.add_argument("--to", required=True, help="the service that gets them")
    one.add_argument("--from", dest="since", type=_instant, help="an instant; UTC where no offset is given")
    one.add_argument("--to-time", dest="before", type=_instant)
    one.add_argument("--type", help="for example crm.contacts.person_created.v1")
    one.add_argument("--subject", help="for example people/<id>")
    one.add_argument("--id", type=uuid.UUID)
    one.add_argument("--again", action="store_true", help="let handlers that have seen an event see it again")

    one = add("orphans", _orphans, "find queues and bindings that no service declares")
    one.add_argument("--delete", action="store_true")
    one.add_argument("--management", help="RabbitMQ's management API, for example http://user:password@host:15672")
    one.add_argument("--name", action="append", default=[], help="a service that no longer exists")
    return parser


def _services(name: str | None) -> list[str]:
    return [name] if name else discovery.service_names()


def _instant(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _start(text: str) -> str | datetime:
    return text if text in {"first", "last"} else _instant(text)


def _age(at: datetime | None) -> str:
    if at is None:
        return "since an unknown time"
    minutes = int((utc_now() - at).total_seconds() // 60)
    return f"{minutes} min ago" if minutes < 120 else f"{minutes // 60} h ago"  # noqa: PLR2004 - two hours


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def _refuse(sentence: str) -> int:
    sys.stderr.write(f"{sentence}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
