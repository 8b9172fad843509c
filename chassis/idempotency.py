"""Idempotency keys: the same request twice is one effect and two equal answers.

Key, request hash and answer are stored in the transaction of the change itself, so they exist together or not at
all. Refusals are not stored: nothing happened, and asking again is harmless. Rows are kept 48 hours.
"""

import base64
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
from chassis.errors import IdempotencyKeyReused, Invalid, StillRunning

LONGEST_KEY = 255
RETRY_AFTER = 1  # seconds
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
    def claimed(self, database: Database) -> Iterator[Session]:
        """Open a write session that holds the key. Raise ``StillRunning`` where somebody else holds it.

        On PostgreSQL the claim is a transaction lock: every replica sees it, and a killed process frees it. On
        SQLite one process owns the file and remembers the keys itself.
        """
        if database.dialect == "postgresql":
            digest = hashlib.blake2b(f"{self.principal}\0{self.key}".encode(), digest_size=8).digest()
            number = int.from_bytes(digest, signed=True)
            with database.write() as session:
                if not session.scalar(sa.select(sa.func.pg_try_advisory_xact_lock(number))):
                    raise StillRunning(retry_after=RETRY_AFTER)
                yield session
            return
        claim = (id(database), self.principal, self.key)
        if claim in _running:
            raise StillRunning(retry_after=RETRY_AFTER)
        _running.add(claim)
        try:
            with database.write() as session:
                yield session
        finally:
            _running.discard(claim)

    def stored(self, session: Session) -> Answer | None:
        """Return the answer already given for this key, marked as replayed, or None.

        Raise ``IdempotencyKeyReused`` where the key was used for another request.
        """
        table = tables.idempotency_keys(self.metadata)
        row = session.execute(
            sa.select(table.c.method, table.c.request_hash, table.c.answer, table.c.headers).where(
                table.c.principal == self.principal, table.c.key == self.key
            )
        ).one_or_none()
        if row is None:
            return None
        if (row.method, row.request_hash) != (self.method, self.digest):
            raise IdempotencyKeyReused
        body = self._cipher().decrypt(row.answer) if self.hide else bytes(row.answer)
        return Answer(body, {**row.headers, "x-replayed": "true"})

    def store(self, session: Session, answer: Answer) -> None:
        """Keep the answer, in the transaction of the change."""
        session.execute(
            tables.idempotency_keys(self.metadata)
            .insert()
            .values(
                principal=self.principal,
                key=self.key,
                method=self.method,
                request_hash=self.digest,
                answer=self._cipher().encrypt(answer.body) if self.hide else answer.body,
                headers=dict(answer.headers),
                created_at=utc_now(),
            )
        )

    def _cipher(self) -> Fernet:
        key = hashlib.sha256(b"idempotency:" + self.secret.encode()).digest()
        return Fernet(base64.urlsafe_b64encode(key))
