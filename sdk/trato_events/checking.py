"""Looks whether a subscriber's credentials do what they must, and no more, and how its subscription stands."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from pika.exceptions import ChannelClosedByBroker

from trato_events import topology
from trato_events.account import Account
from trato_events.connecting import NOT_FOUND, connect


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at; ``said`` is a sentence."""

    name: str
    ok: bool
    said: str


def check(account: Account) -> Iterator[Finding]:
    """Yield what is found, one thing after the other. Raises ``Refused``, or one of ``AWAY``."""
    connection = connect(account.url, f"trato-events check {account.name}")
    try:
        yield Finding("connect", ok=True, said="The broker lets this user in.")
        for name, look in (
            ("events", _reads_events),
            ("history", _reads_history),
            ("publish", _cannot_publish),
            ("subscription", _stands),
        ):
            channel = connection.channel()
            yield _found(name, look, channel, account.name)
            if channel.is_open:
                channel.close()
    finally:
        if connection.is_open:
            connection.close()


def _found(name: str, look: Callable[[Any, str], str], channel: Any, account: str) -> Finding:
    try:
        return Finding(name, ok=True, said=look(channel, account))
    except ChannelClosedByBroker as error:
        return Finding(name, ok=False, said=error.reply_text)
    except _Wrong as error:
        return Finding(name, ok=False, said=str(error))


class _Wrong(Exception):
    pass


def _reads_events(channel: Any, name: str) -> str:
    probe = topology.once(name)
    channel.queue_declare(probe, exclusive=True, auto_delete=True)
    channel.queue_bind(probe, topology.EXCHANGE, "crm.#")
    channel.queue_delete(probe)
    return "It may have queues of its own and bind them to the events."


def _reads_history(channel: Any, _name: str) -> str:
    channel.basic_qos(prefetch_count=1)
    consumer = channel.basic_consume(topology.HISTORY, lambda *_: None, arguments={"x-stream-offset": "next"})
    channel.basic_cancel(consumer)
    return "It may read the history."


def _cannot_publish(channel: Any, _name: str) -> str:
    channel.confirm_delivery()
    try:
        # Routed to nobody in any case: no event is called so.
        channel.basic_publish(topology.EXCHANGE, "trato-events.check", b"")
    except ChannelClosedByBroker:
        return "It may not publish events, as it should be."
    raise _Wrong("It may publish events: give it the rights of a subscriber, which only reads.")


def _stands(channel: Any, name: str) -> str:
    try:
        found = channel.queue_declare(topology.queue(name), passive=True).method
        aside = channel.queue_declare(topology.parking(name), passive=True).method.message_count
    except ChannelClosedByBroker as error:
        if error.reply_code == NOT_FOUND:
            return "There is no subscription yet; the first start of the program makes it."
        raise
    said = f"{found.message_count} wait, {aside} parked, {found.consumer_count} program(s) connected."
    if aside:
        raise _Wrong(f"{said} See: trato-events parked")
    return said
