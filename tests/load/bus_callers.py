"""Who asks in the bus benchmark: N calls in flight from one process, or one at a time; every answer is checked.

Run as ``python -m tests.load.bus_callers KIND NAME URL SHAPE SECONDS``; prints JSON. The shapes are ``threads`` (30
threads, as in the gateway) and ``stream`` (one thread keeps 30 calls in flight). ``KIND=NAME,KIND=NAME`` with the shape
``turns`` makes one call after the other, of each kind in turn: what disturbs the machine disturbs all alike.
"""

import json
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any, NamedTuple

from tests.load.bus_services import SECRET

IN_FLIGHT = 30
IN_TURN = 25  # calls of one kind, before it is the next one's turn
WARM_UP = 0.5  # seconds

Call = Callable[[], None]
Submit = Callable[[], Callable[[], None]]


class Caller(NamedTuple):
    """How one kind is asked: a call, a maker of calls for threads of their own, and sending without waiting."""

    call: Call
    new_call: Callable[[], Call] | None
    submit: Submit


def turns(calls: dict[str, Call], seconds: float) -> dict[str, dict[str, float]]:
    """Return the latencies of calls made one after the other, in milliseconds; ``seconds`` are for each kind."""
    latencies: dict[str, list[float]] = {kind: [] for kind in calls}
    end = time.perf_counter() + WARM_UP + seconds * len(calls)
    while time.perf_counter() < end:
        for kind, call in calls.items():
            for _ in range(IN_TURN):
                started = time.perf_counter()
                call()
                latencies[kind].append((time.perf_counter() - started) * 1000)
    return {kind: _spread(found[len(found) // 10 :]) for kind, found in latencies.items()}


def _spread(latencies: list[float]) -> dict[str, float]:
    latencies.sort()
    return {"p50_ms": latencies[len(latencies) // 2], "p99_ms": latencies[int(len(latencies) * 0.99)]}


def threads(new_call: Callable[[], Call], seconds: float) -> dict[str, float]:
    """Return how many calls per second 30 threads make."""
    counts, all_counts = [0] * IN_FLIGHT, [0] * IN_FLIGHT
    calls = [new_call() for _ in range(IN_FLIGHT)]
    warm, end = time.perf_counter() + WARM_UP, time.perf_counter() + WARM_UP + seconds

    def run(number: int) -> None:
        call, count, everything = calls[number], 0, 0
        while (now := time.perf_counter()) < end:
            call()
            count += now >= warm
            everything += 1
        counts[number], all_counts[number] = count, everything

    used = time.process_time()
    running = [threading.Thread(target=run, args=(number,)) for number in range(IN_FLIGHT)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    cost = (time.process_time() - used) * 1000 / sum(all_counts)
    return {"per_second": sum(counts) / seconds, "caller_cpu_ms": cost}


def stream(submit: Submit, seconds: float) -> dict[str, float]:
    """Return how many calls per second one thread makes that keeps 30 in flight."""
    under_way = deque(submit() for _ in range(IN_FLIGHT))
    warm, end, count = time.perf_counter() + WARM_UP, time.perf_counter() + WARM_UP + seconds, 0
    used, everything = time.process_time(), 0
    while (now := time.perf_counter()) < end:
        under_way.popleft()()
        under_way.append(submit())
        count += now >= warm
        everything += 1
    cost = (time.process_time() - used) * 1000 / everything
    while under_way:
        under_way.popleft()()
    return {"per_second": count / seconds, "caller_cpu_ms": cost}


def ours(name: str, url: str) -> Caller:
    """Ask as the gateway does: signed actor, request id, trace, locale and deadline in the headers."""
    from chassis.client import Client
    from chassis.context import Actor

    client = Client(url)
    actor = Actor(name="bench", permissions={"things:read": "all"}).sign(SECRET, expires_at=time.time() + 3600)
    headers = {
        "nameko.actor": actor,
        "nameko.request_id": "0198c0de-0000-7000-8000-000000000001",
        "nameko.traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "nameko.locale": "es",
    }
    operation, expected = f"{name}.get_thing", b'{"id":"5","name":"a thing"}'

    def submit() -> Callable[[], None]:
        pending = client.submit(operation, "5", headers=headers)

        def check() -> None:
            assert pending.result().body == expected

        return check

    def call() -> None:
        assert client.call(operation, "5", headers=headers).body == expected

    return Caller(call, lambda: call, submit)


def stock(name: str, url: str) -> Caller:
    """Ask through nameko's ClusterRpcProxy; it may not be shared, so each thread has its own."""
    from nameko.standalone.rpc import ClusterRpcProxy

    headers = {
        "request_id": "0198c0de-0000-7000-8000-000000000001",
        "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "locale": "es",
    }
    expected = {"id": "5", "name": "a thing"}

    def new_proxy() -> Any:
        return getattr(ClusterRpcProxy({"AMQP_URI": url}, context_data=dict(headers), timeout=20).start(), name)

    def new_call() -> Call:
        service = new_proxy()

        def call() -> None:
            assert service.get_thing("5") == expected

        return call

    mine = new_proxy()

    def submit() -> Callable[[], None]:
        pending = mine.get_thing.call_async("5")

        def check() -> None:
            assert pending.result() == expected

        return check

    return Caller(new_call(), new_call, submit)


def echo(name: str, url: str) -> Caller:
    """Ask the raw echo with pika alone; 30 in flight means 30 messages on one connection."""
    import pika

    connection = pika.BlockingConnection(pika.URLParameters(url))
    channel = connection.channel()
    body = json.dumps({"args": ["5"], "kwargs": {}}).encode()
    replies: set[str] = set()
    numbers = iter(range(10**12))

    def received(channel: Any, method: Any, properties: Any, answer: bytes) -> None:
        assert answer == body
        replies.add(properties.correlation_id)

    channel.basic_consume("amq.rabbitmq.reply-to", received, auto_ack=True)

    def submit() -> Callable[[], None]:
        key = str(next(numbers))
        properties = pika.BasicProperties(reply_to="amq.rabbitmq.reply-to", correlation_id=key, delivery_mode=1)
        channel.basic_publish("", name, body, properties)

        def wait() -> None:
            while key not in replies:
                connection.process_data_events(time_limit=5)
            replies.discard(key)

        return wait

    def call() -> None:
        submit()()

    return Caller(call, None, submit)


def main() -> None:
    """Do what the arguments say."""
    *who, url, shape, seconds = sys.argv[1:]
    figures: Any
    if shape == "turns":
        pairs = (pair.split("=") for pair in who[0].split(","))
        figures = turns({kind: KINDS[kind](name, url).call for kind, name in pairs}, float(seconds))
    else:
        caller = KINDS[who[0]](who[1], url)
        if shape == "stream" or caller.new_call is None:
            figures = stream(caller.submit, float(seconds))
        else:
            figures = threads(caller.new_call, float(seconds))
    sys.stdout.write(json.dumps(figures) + "\n")
    sys.stdout.flush()


KINDS: dict[str, Callable[[str, str], Caller]] = {"echo": echo, "stock": stock, "ours": ours}

if __name__ == "__main__":
    main()
