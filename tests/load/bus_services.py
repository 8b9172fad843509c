"""What answers in the bus benchmark: a raw pika echo, a stock nameko service, and a service of ours.

Run as ``python -m tests.load.bus_services KIND NAME URL`` in a process of its own.
"""

import sys
from typing import Any

SECRET = "a secret of the bus benchmark, 32 characters or more"
WORKERS = 30


def echo(name: str, url: str) -> None:
    """Answer directly, transient and without acknowledging: the least that a request and its reply cost."""
    import pika

    connection = pika.BlockingConnection(pika.URLParameters(url))
    channel = connection.channel()
    channel.queue_declare(name, auto_delete=True, durable=True)

    def answer(channel: Any, method: Any, properties: Any, body: bytes) -> None:
        channel.basic_publish(
            "", properties.reply_to, body, pika.BasicProperties(correlation_id=properties.correlation_id)
        )

    channel.basic_consume(name, answer, auto_ack=True)
    _say_ready()
    channel.start_consuming()


def stock(name: str, url: str) -> None:
    """A nameko service as its documentation shows it."""
    import eventlet

    eventlet.monkey_patch()
    from nameko.rpc import rpc

    def get_thing(self: Any, number: int) -> dict[str, Any]:
        return {"id": number, "name": "a thing"}

    _serve(type("Service", (), {"name": name, "get_thing": rpc(get_thing)}), url)


def ours(name: str, url: str) -> None:
    """A service of ours: the whole pipeline with permission check, metrics and trace; no database is asked."""
    import eventlet

    eventlet.monkey_patch()
    import sqlalchemy as sa

    from chassis import rpc
    from chassis.db.database import Database

    class Service:
        @rpc.query(needs="things:read")
        def get_thing(self, uow: Any, number: str) -> dict[str, Any]:
            return {"id": number, "name": "a thing"}

    Service.name = name  # type: ignore[attr-defined]
    rpc.bind(Service, rpc.Runtime(name, Database("sqlite://"), sa.MetaData(), SECRET))
    _serve(Service, url)


def _serve(service: type, url: str) -> None:
    from nameko.runners import ServiceRunner

    runner = ServiceRunner({"AMQP_URI": url, "max_workers": WORKERS})
    runner.add_service(service)
    runner.start()
    _say_ready()
    runner.wait()


def _say_ready() -> None:
    sys.stdout.write("ready\n")
    sys.stdout.flush()


if __name__ == "__main__":
    {"echo": echo, "stock": stock, "ours": ours}[sys.argv[1]](sys.argv[2], sys.argv[3])
