"""Two small services on the real entrypoint, for what the gateway does whatever a service is about.

``python -m tests.integration.gateway.standin BROKER_URL [SERVICE...]`` runs them until SIGTERM. Their operations keep
nothing: they echo what arrived, refuse, wait, or answer with the headers that real operations answer with.
"""

import eventlet

eventlet.monkey_patch()

import signal  # noqa: E402
import sys  # noqa: E402
import uuid  # noqa: E402
from collections.abc import Callable, Mapping  # noqa: E402
from typing import Any  # noqa: E402

import orjson  # noqa: E402
from nameko.constants import AMQP_URI_CONFIG_KEY, MAX_WORKERS_CONFIG_KEY  # noqa: E402
from nameko.containers import ServiceContainer  # noqa: E402

from chassis.bus.entrypoint import call_entrypoint  # noqa: E402
from chassis.bus.wire import Answer  # noqa: E402
from chassis.context import Actor  # noqa: E402
from chassis.credentials import hash_secret  # noqa: E402
from chassis.errors import NotFound, PermissionDenied, Refusal, TooMany, Unauthenticated  # noqa: E402
from tests.integration.gateway.people import (  # noqa: E402
    ANA,
    CASE,
    KEYS,
    OTHER,
    PERSON,
    SECRET_CASE,
    SESSION_SECRET,
    SLOW,
    SLOW_PERSON,
)

SECRET = "development-only-secret-never-use-it-elsewhere"
TICKET = "gAAAAABo-a_link="
JOB = "0198c0de-0000-7000-8000-0000000000e1"
asked: dict[str, int] = {}

Entry = Callable[[Mapping[str, Any], list[Any], dict[str, Any]], Answer]


def operation(entry: Entry) -> Any:
    def method(self: object) -> None: ...

    method.__name__ = entry.__name__
    method.entry = entry  # type: ignore[attr-defined]
    return call_entrypoint(method)


def plain(content: Any, **headers: str) -> Answer:
    return Answer(orjson.dumps(content), {name.replace("_", "-"): value for name, value in headers.items()})


def _echo(headers: Mapping[str, Any], args: list[Any], kwargs: dict[str, Any]) -> Answer:
    actor = Actor.verify(headers["nameko.actor"], SECRET)
    told = {name: value for name, value in headers.items() if name != "nameko.actor"}
    return plain({"ids": args, "kwargs": kwargs, "headers": told, "actor": actor.to_dict()})


def _refuse(error: Any) -> Refusal:
    refusal: Refusal = error.to_wire("en")
    return refusal


class Contacts:
    name = "contacts"

    @operation
    def get_person(headers: Any, args: Any, kwargs: Any) -> Answer:  # noqa: N805
        if args[0] == "wait":
            eventlet.sleep(5)
        if args[0] == "crash":
            raise ValueError("a secret of the inside")
        if args[0] not in {PERSON, SLOW_PERSON}:
            raise _refuse(NotFound())
        record = {"id": args[0], "display_name": "Ana Núñez", "version": 3}
        return plain(record, x_etag="3", x_id=args[0])

    @operation
    def get_company(headers: Any, args: Any, kwargs: Any) -> Answer:  # noqa: N805
        raise _refuse(NotFound())

    @operation
    def list_people(headers: Any, args: Any, kwargs: Any) -> Answer:  # noqa: N805
        content = {"items": [{"id": PERSON}], "next_cursor": "abc=", "asked": kwargs.get("params")}
        return plain(content, x_next_cursor="abc=")

    list_companies = operation(lambda h, a, k: plain({"items": [], "next_cursor": None}))
    customer_timeline = operation(lambda h, a, k: plain({"items": [], "next_cursor": None}))
    customer_interests = operation(lambda h, a, k: plain([]))

    @operation
    def customer_relations(headers: Any, args: Any, kwargs: Any) -> Answer:  # noqa: N805
        raise _refuse(PermissionDenied(permission="relations:read"))

    @operation
    def customer_interactions(headers: Any, args: Any, kwargs: Any) -> Answer:  # noqa: N805
        if args[0] == SLOW_PERSON:
            eventlet.sleep(SLOW)
        return plain([])

    export_people = operation(lambda h, a, k: plain({"id": JOB, "state": "queued"}, x_id=JOB))
    cancel_job = operation(lambda h, a, k: plain({"id": JOB, "state": "cancelled"}, x_id=JOB))

    @operation
    def get_job(headers: Any, args: Any, kwargs: Any) -> Answer:  # noqa: N805
        if args[0] != JOB:
            raise _refuse(NotFound())
        return plain({"id": JOB, "state": "running"}, x_id=JOB)

    update_person = operation(_echo)
    delete_person = operation(lambda h, a, k: Answer(b"null", {}))

    @operation
    def create_person(headers: Any, args: Any, kwargs: Any) -> Answer:  # noqa: N805
        data = kwargs.get("data")
        if isinstance(data, dict) and data.get("last_name") == "Forbidden":
            raise _refuse(PermissionDenied(permission="people:write"))
        if isinstance(data, dict) and data.get("last_name") == "Double":
            raise Refusal(409, "possible-duplicate", "Perhaps on file already.", {"matches": [{"id": PERSON}]})
        echoed = orjson.loads(_echo(headers, args, kwargs).body)
        if headers.get("nameko.idempotency_key") == "seen":
            return plain({"id": PERSON, **echoed}, x_id=PERSON, x_etag="1", x_replayed="true")
        return plain({"id": PERSON, **echoed}, x_id=PERSON, x_etag="1")


class Administration:
    name = "administration"

    @operation
    def identify(headers: Any, args: Any, kwargs: Any) -> Answer:  # noqa: N805
        hashed = kwargs["data"]["secret_hash"]
        asked[hashed] = asked.get(hashed, 0) + 1
        actor = {hash_secret(token): actor for token, actor in KEYS.items()}.get(hashed)
        if actor is None:
            raise _refuse(Unauthenticated())
        return plain(actor)

    @operation
    def log_in(headers: Any, args: Any, kwargs: Any) -> Answer:  # noqa: N805
        data = kwargs["data"]
        if data["password"] == "slow":
            raise _refuse(TooMany(retry_after=17))
        if data["password"] != "trato-demo":
            raise _refuse(Unauthenticated())
        return plain({"secret": SESSION_SECRET, "user": {"id": ANA["user_id"], "name": "Ana"}, "ip": data["ip"]})

    who_am_i = operation(_echo)
    log_out = operation(lambda h, a, k: Answer(b"null", {}))
    get_user = operation(lambda h, a, k: plain({"asked": sum(asked.values()), "id": str(uuid.uuid4())}))

    @operation
    def list_users(headers: Any, args: Any, kwargs: Any) -> Answer:  # noqa: N805
        raise _refuse(PermissionDenied(permission="users:read"))


class Cases:
    """Keeps jobs too, and is therefore asked for each; it runs beside administration."""

    name = "cases"

    @operation
    def get_case(headers: Any, args: Any, kwargs: Any) -> Answer:  # noqa: N805
        assert "nameko.idempotency_key" not in headers
        if args[0] == SECRET_CASE:
            raise _refuse(PermissionDenied(permission="cases:read"))
        if args[0] != CASE:
            raise _refuse(NotFound())
        seen = {"number": "2026-000007", "person_id": PERSON, "company_id": OTHER, "tasks": [1], "sla": {"state": "ok"}}
        return plain({"id": CASE, **seen}, x_id=CASE)

    @operation
    def get_job(headers: Any, args: Any, kwargs: Any) -> Answer:  # noqa: N805
        raise _refuse(NotFound())


class Notifications:
    """Knows one link to unsubscribe, which remembers that it was followed; it runs beside administration."""

    name = "notifications"
    preview_template = operation(_echo)
    test_template = operation(_echo)

    @operation
    def open_unsubscribing(headers: Any, args: Any, kwargs: Any) -> Answer:  # noqa: N805
        if args[0] != TICKET:
            raise _refuse(NotFound())
        return plain({"purpose": "marketing", "unsubscribed": bool(asked.get(TICKET))})

    @operation
    def unsubscribe(headers: Any, args: Any, kwargs: Any) -> Answer:  # noqa: N805
        if args[0] != TICKET:
            raise _refuse(NotFound())
        asked[TICKET] = 1
        return plain({"purpose": "marketing", "unsubscribed": True})


class Sales(Cases):
    """Keeps jobs as well."""

    name = "sales"


def main(broker_url: str, names: list[str]) -> None:
    config = {AMQP_URI_CONFIG_KEY: broker_url, MAX_WORKERS_CONFIG_KEY: 30}
    wanted = [cls for cls in (Contacts, Administration) if not names or cls.name in names]
    if Administration in wanted:
        wanted += [Cases, Sales, Notifications]
    containers = [ServiceContainer(cls, config) for cls in wanted]
    for container in containers:
        container.start()
    ended = eventlet.event.Event()
    signal.signal(signal.SIGTERM, lambda *_: eventlet.spawn_n(ended.send))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    ended.wait()
    for container in containers:
        container.stop()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
