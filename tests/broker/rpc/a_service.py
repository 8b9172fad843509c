"""A service to be asked, stopped and killed.

Run as ``python -m tests.broker.rpc.a_service NAME URL WORKERS HEARTBEAT PATIENCE``. It says ``ready`` when calls
arrive, or after so many seconds of patience without them.
"""

import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

if __name__ == "__main__":
    import eventlet

    eventlet.monkey_patch()

import eventlet
import orjson
from nameko.runners import ServiceRunner

from chassis.bus.entrypoint import CallServer, call_entrypoint
from chassis.bus.wire import Answer
from chassis.errors import NotFound

blocking_sleep = eventlet.patcher.original("time").sleep


def echo(headers: dict[str, Any], args: list[Any], kwargs: dict[str, Any]) -> Answer:
    return Answer(orjson.dumps({"args": args, **kwargs}), {"x-etag": "7"})


def wait(headers: dict[str, Any], args: list[Any], kwargs: dict[str, Any]) -> Answer:
    _note(args)
    eventlet.sleep(float(args[0]))
    return Answer(b'"waited"', {})


def hold(headers: dict[str, Any], args: list[Any], kwargs: dict[str, Any]) -> Answer:
    """Answer when the file that the call names first is there, and so many seconds later as it says in the end."""
    _note(args)
    while not Path(args[0]).exists():
        eventlet.sleep(0.01)
    eventlet.sleep(float(args[2]) if len(args) > 2 else 0)
    return Answer(b'"let go"', {})


def block(headers: dict[str, Any], args: list[Any], kwargs: dict[str, Any]) -> Answer:
    """Hold the whole process, as a driver that is not green would."""
    blocking_sleep(float(args[0]))
    _note(args)
    return Answer(b'"blocked"', {})


def show_headers(headers: dict[str, Any], args: list[Any], kwargs: dict[str, Any]) -> Answer:
    return Answer(orjson.dumps(headers), {})


def refuse(headers: dict[str, Any], args: list[Any], kwargs: dict[str, Any]) -> Answer:
    raise NotFound(id=args[0]).to_wire("en")


def fail(headers: dict[str, Any], args: list[Any], kwargs: dict[str, Any]) -> Answer:
    raise ZeroDivisionError("nobody foresaw this")


def _note(args: list[Any]) -> None:
    """Leave a line in the file that the call names: which process executed it."""
    if len(args) > 1:
        with Path(args[1]).open("a") as file:
            file.write(f"{os.getpid()}\n")


def new_service(name: str) -> type:
    def method(entry: Any, kind: str) -> Any:
        def operation(self: object) -> None: ...

        operation.entry = entry
        operation.contract = SimpleNamespace(kind=kind)
        return call_entrypoint(operation)

    commands = {"wait": wait, "hold": hold, "block": block, "fail": fail}
    queries = {
        "echo": echo,
        "look": hold,
        "show_headers": show_headers,
        "refuse": refuse,
    }
    members = {key: method(entry, "command") for key, entry in commands.items()}
    members |= {key: method(entry, "query") for key, entry in queries.items()}
    return type("Service", (), {"name": name, **members})


def until_calls_arrive(runner: ServiceRunner, seconds: float = 60.0) -> None:
    """Return when all services of a runner receive calls: starting, they do not wait for a slow broker for long."""
    servers = [each for container in runner.containers for each in container.extensions if isinstance(each, CallServer)]
    with eventlet.Timeout(seconds):
        while not all(server.is_connected for server in servers):
            eventlet.sleep(0.01)


def main(name: str, url: str, workers: str, heartbeat: str, patience: str) -> None:
    runner = ServiceRunner({"AMQP_URI": url, "max_workers": int(workers), "HEARTBEAT": int(heartbeat)})
    runner.add_service(new_service(name))
    signal.signal(signal.SIGTERM, lambda *_: eventlet.spawn(runner.stop))
    runner.start()
    with suppress(eventlet.Timeout):
        until_calls_arrive(runner, float(patience))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    runner.wait()


if __name__ == "__main__":
    main(*sys.argv[1:])
