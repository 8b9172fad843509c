"""Idempotency keys: the same request twice is one effect and two equal answers.

Key, request hash and answer are stored in the transaction of the change itself, so they exist together or not at
all. Refusals are not stored: nothing happened, and asking again is harmless. Rows are kept 48 hours.
"""

import base64
import functools
import hashlib
import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson
import sqlalchemy as sa
from cryptography.fernet import Fernet
from sqlalchemy.orm import Session

from chassis.bus.wire import Answer
from chassis.clock import utc_now
from chassis.context import Call
from chassis.db import tables
from chassis.db.database import Database
from chassis.db.prepared import Prepared, run, run_at_end
from chassis.errors import IdempotencyKeyReused, Invalid, StillRunning

LONGEST_KEY = 255
RETRY_AFTER = 1  # seconds
_CLAIMED = "trato.claimed"  # PostgreSQL's own variable, for the length of a transaction
_running: set[tuple[int, str, str]] = set()


class IdempotencyKeyInvalid(Invalid):
    """An Idempotency-Key has 1 to {limit} characters."""

    slug = "idempotency-key-invalid"
    es = "Una Idempotency-Key tiene de 1 a {limit} caracteres."


def request_hash(method: str, args: Any, data: Any, secret: str) -> str:
    """Return what makes two requests the same: operation, path ids and body.

    It is keyed with ``secret``, because a body may hold a password and a plain hash of it could be guessed.
    """
    body = orjson.dumps([method, args, data], option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS)
    return hmac.new(b"request:" + secret.encode(), body, hashlib.sha256).hexdigest()


@dataclass(frozen=True)
class Keys:
    """The idempotency key of one call and what is stored under it.

    Each user, API key or part of the suite has keys of its own. ``hide`` encrypts the stored answer.
    """

    metadata: sa.MetaData
    call: Call
    method: str
    digest: str
    secret: str = field(repr=False)
    hide: bool = False

    @property
    def key(self) -> str:
        """The key as the caller sent it. Raise ``IdempotencyKeyInvalid`` where it is empty or too long."""
        key = self.call.idempotency_key or ""
        if not 0 < len(key) <= LONGEST_KEY:
            raise IdempotencyKeyInvalid(limit=LONGEST_KEY)
        return key

    @property
    def principal(self) -> str:
        """Whose key this is."""
        actor = self.call.actor
        return f"{actor.kind}:{actor.key_id or actor.user_id or actor.name}"

    @contextmanager
    def claimed(self, database: Database) -> Iterator[tuple[Session, Answer | None]]:
        """Open a write session that holds the key, with the answer already given for it, marked as replayed, or None.

        Raise ``StillRunning`` where somebody else holds it, ``IdempotencyKeyReused`` where it was used for another
        request. On PostgreSQL the claim is a transaction lock: every replica sees it, and a killed process frees it.
        On SQLite one process owns the file and remembers the keys itself.
        """
        if database.dialect == "postgresql":
            with database.write() as session:
                yield session, self._given(session)
            return
        claim = (id(database), self.principal, self.key)
        if claim in _running:
            raise StillRunning(retry_after=RETRY_AFTER)
        _running.add(claim)
        try:
            with database.write() as session:
                yield session, self._given(session)
        finally:
            _running.discard(claim)

    def store(self, session: Session, answer: Answer) -> None:
        """Keep the answer, in the transaction of the change."""
        values = {
            "principal": self.principal,
            "key": self.key,
            "method": self.method,
            "request_hash": self.digest,
            "answer": self._cipher().encrypt(answer.body) if self.hide else answer.body,
            "headers": dict(answer.headers),
            "created_at": utc_now(),
        }
        run_at_end(session, [(_storing(self.metadata), values)])

    def _given(self, session: Session) -> Answer | None:
        digest = hashlib.blake2b(f"{self.principal}\0{self.key}".encode(), digest_size=8).digest()
        asked = {"principal": self.principal, "key": self.key, "lock": int.from_bytes(digest, signed=True)}
        [(mine, method, request_hash, answer, headers)] = run(
            session, [(step, asked) for step in _asking(self.metadata, session.get_bind().dialect.name)]
        )
        if not mine:
            raise StillRunning(retry_after=RETRY_AFTER)
        if method is None:
            return None
        if (method, request_hash) != (self.method, self.digest):
            raise IdempotencyKeyReused
        body = self._cipher().decrypt(answer) if self.hide else bytes(answer)
        return Answer(body, {**headers, "x-replayed": "true"})

    def _cipher(self) -> Fernet:
        key = hashlib.sha256(b"idempotency:" + self.secret.encode()).digest()
        return Fernet(base64.urlsafe_b64encode(key))


@functools.cache
def _asking(metadata: sa.MetaData, dialect: str) -> list[Prepared]:
    """Return what tries the key's lock and then looks, in a statement of its own, which sees what its last holder did.

    Whether we held it before we looked is remembered in between: tried again in the second statement, the lock could be
    had by then, with an answer that had come too late to be seen.
    """
    table = tables.idempotency_keys(metadata)
    asked = {name: sa.bindparam(name, type_=sa.String) for name in ("principal", "key")}
    lock: Any = sa.func.pg_try_advisory_xact_lock(sa.bindparam("lock", type_=sa.BigInteger))
    kept = (table.c.method, table.c.request_hash, table.c.answer, table.c.headers)
    ours = sa.and_(*(table.c[name] == value for name, value in asked.items()))
    one = sa.select(sa.literal(1).label("one")).subquery()
    if dialect == "sqlite":
        return [Prepared(sa.select(sa.true().label("mine"), *kept).select_from(one.outerjoin(table, ours)))]
    trying = sa.select(sa.func.set_config(_CLAIMED, sa.cast(lock, sa.Text), sa.true()))
    mine: Any = sa.func.current_setting(_CLAIMED) == "true"
    return [Prepared(trying), Prepared(sa.select(mine.label("mine"), *kept).select_from(one.outerjoin(table, ours)))]


@functools.cache
def _storing(metadata: sa.MetaData) -> Prepared:
    table = tables.idempotency_keys(metadata)
    return Prepared(sa.insert(table), table.c.keys())
