"""One service without a broker: its operations through the whole pipeline, its reactions, on a real database.

The tables are made once per test worker and database; between tests they are emptied.
"""

import functools
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

import orjson
import sqlalchemy as sa

from chassis import rpc
from chassis.bus import outbox
from chassis.bus.handling import Handling
from chassis.bus.inbox import Inbox
from chassis.bus.scheduler import Scheduler
from chassis.clock import epoch_seconds, utc_now
from chassis.context import SYSTEM, Actor, Scope
from chassis.db import tables
from chassis.db.database import Database
from chassis.envelope import Envelope
from chassis.errands import errands_in
from chassis.errors import Refusal
from chassis.events import Event
from chassis.ids import new_id
from chassis.ops import discovery
from chassis.ops.errand_runner import ErrandRunner
from chassis.reactions import Reactions
from chassis.timers import Timers

SECRET = "a-secret-of-the-tests-only-0123456789abcdef"


@dataclass
class Reply:
    """What an operation answered."""

    body: Any
    headers: Mapping[str, str]


def somebody(name: str = "Ana", **grants: Scope) -> Actor:
    """Return a user with these permissions, written ``people_read="team"``; without any, an administrator of all."""
    permissions = {key.replace("__", "-").replace("_", ":"): scope for key, scope in grants.items()}
    group = new_id()
    return Actor(
        user_id=new_id(),
        name=name,
        permissions=permissions or {"*:*": "all"},
        groups=frozenset({group}),
        teams=frozenset({group}),
        group_id=group,
        locale="en",
    )


@dataclass
class TestedService:
    """A service at hand: ``ask`` its operations, ``tell`` it events, read what it told."""

    __test__ = False

    name: str
    database: Database
    actor: Actor = field(default_factory=somebody)
    operations: dict[str, rpc.Operation] = field(default_factory=dict)
    heard: set[uuid.UUID] = field(default_factory=set)

    @classmethod
    def on(cls, name: str, url: str) -> "TestedService":
        """Return the service on an empty database, with its tables made."""
        found = discovery.load(name)
        database = Database(url, found.metadata, watch_yields=True)
        database.create_all()
        runtime = rpc.Runtime(service=name, database=database, metadata=found.metadata, secret=SECRET)
        return cls(name, database, operations=rpc.bind(found.service_class, runtime))

    def ask(
        self,
        operation: str,
        *ids: object,
        data: Any = None,
        params: Mapping[str, Any] | None = None,
        by: Actor | None = None,
        key: str | None = None,
        version: int | None = None,
        locale: str = "en",
    ) -> Reply:
        """Call an operation as the gateway would, headers and all. Raises ``Refusal``."""
        headers = {"nameko.request_id": str(new_id()), "nameko.locale": locale}
        actor = by or self.actor
        if actor.kind != "anonymous":
            headers["nameko.actor"] = actor.sign(SECRET, expires_at=epoch_seconds() + 60)
        if key is not None:
            headers["nameko.idempotency_key"] = key
        if version is not None:
            headers["nameko.if_match"] = str(version)
        plain = orjson.loads(orjson.dumps(data))
        answer = self.operations[operation](headers, list(map(str, ids)), {"data": plain, "params": params})
        return Reply(orjson.loads(answer.body), answer.headers)

    def refused(self, operation: str, *ids: object, **how: Any) -> Refusal:
        """Call an operation that must be refused, and return how it was."""
        try:
            reply = self.ask(operation, *ids, **how)
        except Refusal as refusal:
            return refusal
        raise AssertionError(f"{operation} was not refused: {reply.body}")

    def told(self) -> list[Envelope]:
        """Return everything told so far, in order."""
        table = tables.outbox(self.database.metadata)
        with self.database.read() as session:
            rows = session.execute(sa.select(table).order_by(table.c.id)).mappings().all()
        return [Envelope.from_json(outbox.body(self.name, row)) for row in rows]

    def tell(self, event: Event, *, subject: str = "", sequence: int = 1, **more: Any) -> Envelope:
        """Have the service react to an event of another service, in a transaction of its own."""
        envelope = Envelope(
            id=more.pop("id", None) or new_id(),
            source=f"/crm/{event.source}",
            type=event.type,
            subject=subject or f"things/{uuid.uuid4()}",
            time=more.pop("time", None) or utc_now(),
            sequence=sequence,
            data=event.encode(),
            concerns=event.concerns(),
            **more,
        )
        self.deliver(envelope)
        return envelope

    def deliver(self, *envelopes: Envelope) -> None:
        """Have the service react to these, as if they had come over its queue."""
        service = discovery.load(self.name)
        modules = [service.handlers] if service.handlers else []
        handling = Handling(
            self.name,
            self.database,
            service.metadata,
            Reactions.declared_in(*modules),
            Inbox(self.name, service.metadata),
        )
        handling.together(envelopes)

    def work(self) -> int:
        """Fire timers and carry out errands until nothing is due; return how many errands that were."""
        done = 0
        while True:
            busy = self._timers.fire_due()
            for runner in self._errands:
                for thread in runner.begin_due():
                    thread.wait()
                    busy, done = busy + 1, done + 1
            if not busy:
                return done

    @functools.cached_property
    def _timers(self) -> Scheduler:
        declared = Timers.declared_in(*self._modules)
        return Scheduler(self.name, self.database, self.database.metadata, Timers(declared.once.values()))

    @functools.cached_property
    def _errands(self) -> list[ErrandRunner]:
        parts = (self.name, self.database, self.database.metadata)
        return [ErrandRunner(*parts, errand) for errand in errands_in(*self._modules)]

    @functools.cached_property
    def _modules(self) -> list[ModuleType]:
        handlers = discovery.load(self.name).handlers
        return [handlers] if handlers else []

    def hear_itself(self) -> None:
        """Have the service react to what it told and has not heard yet, as its own queue would bring it."""
        new = [envelope for envelope in self.told() if envelope.id not in self.heard]
        self.heard |= {envelope.id for envelope in new}
        for envelope in new:
            self.deliver(envelope)

    def empty(self) -> None:
        """Remove every row."""
        with self.database.write() as session:
            for table in reversed(self.database.metadata.sorted_tables):
                session.execute(table.delete())


__all__ = ["SECRET", "SYSTEM", "Reply", "TestedService", "somebody"]
