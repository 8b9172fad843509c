"""Looks whether a subscriber's credentials do what they must, and no more, and how its subscription stands."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from pika.exceptions import ChannelClosedByBroker

from trato_events import topology
from trato_events.account import Account
from trato_events.connecting import ACCESS_REFUSED, NOT_FOUND, connect, locked

# Nothing is called so, and no subscriber may be: whoever has the right to one of these does no harm by it.
_NOBODYS = "crm.nobodys"
_OF_OTHERS: dict[str, Callable[[Any], object]] = {
    "make queues that are not its own": lambda channel: channel.queue_declare(_NOBODYS, exclusive=True),
    "publish into any queue": lambda channel: channel.basic_publish("", _NOBODYS, b""),
    "call services": lambda channel: channel.basic_publish("nameko-rpc", _NOBODYS, b""),
    "read queues that are not its own": lambda channel: channel.basic_get(_NOBODYS),
}


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
            ("others", _reaches_nobody_else),
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


def _reaches_nobody_else(channel: Any, _name: str) -> str:
    for what, attempt in _OF_OTHERS.items():
        one = channel.connection.channel()
        one.confirm_delivery()
        try:
            attempt(one)
        except ChannelClosedByBroker as error:
            if error.reply_code == ACCESS_REFUSED:
                continue
        raise _Wrong(f"It may {what}: give it the rights of a subscriber, which has queues of its own and no others.")
    return "It reaches nothing that is not its own, as it should be."


def _stands(channel: Any, name: str) -> str:
    try:
        found = channel.queue_declare(topology.queue(name), passive=True).method
        aside = channel.queue_declare(topology.parking(name), passive=True).method.message_count
    except ChannelClosedByBroker as error:
        if error.reply_code == NOT_FOUND:
            return "There is no subscription yet; the first start of the program makes it."
        raise
    running = f"{found.consumer_count} program(s) connected"
    if found.consumer_count == 0 and _somebody_reads_the_history(channel, name):
        running = "a program reads the history"
    said = f"{found.message_count} wait, {aside} parked, {running}."
    if aside:
        raise _Wrong(f"{said} See: trato-events parked")
    return said


def _somebody_reads_the_history(channel: Any, name: str) -> bool:
    try:
        channel.queue_declare(topology.replaying(name), passive=True)
    except ChannelClosedByBroker as error:
        return locked(error)
    return False
