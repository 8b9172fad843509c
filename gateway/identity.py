"""Who is calling: asked of administration once, remembered briefly, forgotten as soon as something changes."""

import logging
import math
import threading
import time
from datetime import datetime
from time import monotonic
from typing import Any, Final

import orjson

from chassis.client import BrokerDown, Client, DeadlineExceeded, ServiceDown
from chassis.clock import epoch_seconds
from chassis.context import Actor
from chassis.errors import Refusal, Unauthenticated
from gateway import tokens
from gateway.credentials import Presented
from gateway.limits import Bucket
from gateway.metrics import identity_lookups
from gateway.tokens import Credential

FRESH_SECONDS: Final = 15.0
KNOWN_SECONDS: Final = 300.0
RETRY_SECONDS: Final = 5.0
MAX_IDENTITIES: Final = 10_000
IDENTIFY_TIMEOUT: Final = 3.0
# A signature is valid for one to two of these steps, so that services see the same header again and again.
SIGNATURE_STEP: Final = 300

log = logging.getLogger(__name__)


class Identity:
    """One caller, with the header that tells services so and the tokens it may still spend."""

    __slots__ = ("_secret", "_signed", "_step", "actor", "bucket", "checked_at", "credential", "ends_at", "look_after")

    def __init__(
        self, actor: Actor, credential: Credential, secret: str, bucket: Bucket, ends_at: float = math.inf
    ) -> None:
        self.actor = actor
        self.credential = credential
        self.bucket = bucket
        self.checked_at = monotonic()
        self.look_after = self.checked_at + FRESH_SECONDS
        self.ends_at = ends_at
        self._secret = secret
        self._step = 0
        self._signed = ""

    def signed_actor(self) -> str:
        """Return the signed header, made anew every five minutes."""
        step = int(time.time()) // SIGNATURE_STEP
        if step != self._step:
            self._signed = self.actor.sign(self._secret, expires_at=float((step + 2) * SIGNATURE_STEP))
            self._step = step
        return self._signed


class Identities:
    """The identities of the last minutes, by hash of the credential; shared by all request threads."""

    def __init__(self, client: Client, secret: str, *, rate: float) -> None:
        self._client = client
        self._secret = secret
        self._rate = rate
        self._known: dict[str, Identity] = {}
        self._lock = threading.Lock()
        self._changes = 0
        self._changed_users: dict[str, float] = {}
        self._all_changed_at = 0.0
        self._us = Identity(Actor(kind="service", name="gateway"), Credential("session", ""), secret, Bucket(1, 1))
        self._hit = identity_lookups.labels("hit")

    def of(self, presented: Presented) -> Identity:
        """Return who presents this credential. Raise ``Unauthenticated``, or a 503 where nobody can say."""
        identity = self._known.get(presented.key)
        if identity is not None and identity.ends_at > epoch_seconds():
            now = monotonic()
            if now < identity.look_after:
                self._hit.inc()
                return identity
            if now - identity.checked_at < KNOWN_SECONDS:
                # One thread looks again while the others go on with what is known.
                identity.look_after = now + RETRY_SECONDS
                return self._look_again(presented, identity)
        return self._look(presented, identity)

    def fresh(self, credential: Credential) -> tuple[Actor, float]:
        """Return the actor behind ``credential`` as administration sees it now, and when the credential ends.

        The instant is in epoch seconds, infinite for a credential without end.
        """
        reply = self._client.call(
            "administration.identify",
            data={"kind": credential.kind, "secret_hash": credential.secret_hash},
            headers={"nameko.actor": self._us.signed_actor()},
            timeout=IDENTIFY_TIMEOUT,
        )
        answer: dict[str, Any] = orjson.loads(reply.body)
        ends_at = answer.get("expires_at")
        return Actor.from_dict(answer), math.inf if ends_at is None else datetime.fromisoformat(ends_at).timestamp()

    def forget(self, *, user: str | None = None, key: str | None = None, session: str | None = None) -> None:
        """Forget the identities of a user, an API key or a session; all, when nothing is named."""
        now = epoch_seconds()
        with self._lock:
            self._changes += 1
            if user is None and key is None and session is None:
                self._all_changed_at = now
                self._known = {}
                return
            for name in (user, key, session):
                if name is not None:
                    self._changed_users[name] = now
            self._known = {k: i for k, i in self._known.items() if not _is(i.actor, user, key, session)}
            self._changed_users = {
                name: at for name, at in self._changed_users.items() if at > now - tokens.LIFETIME_SECONDS
            }

    def doubt_all(self) -> None:
        """Look at every identity again at its next use: changes may have been missed."""
        with self._lock:
            self._changes += 1
            self._all_changed_at = epoch_seconds()
            for identity in self._known.values():
                identity.look_after = 0.0

    def _look_again(self, presented: Presented, known: Identity) -> Identity:
        try:
            return self._look(presented, known)
        except (ServiceDown, BrokerDown, DeadlineExceeded):
            # Administration is away: somebody known a moment ago may go on working, for a few minutes.
            identity_lookups.labels("stale").inc()
            return known

    def _look(self, presented: Presented, known: Identity | None) -> Identity:
        changes = self._changes
        try:
            actor, credential, ends_at = self._resolve(presented)
        except Refusal as refusal:
            self._known.pop(presented.key, None)
            identity_lookups.labels("refused").inc()
            if refusal.status in {401, 403, 404}:
                raise Unauthenticated from None
            raise
        bucket = known.bucket if known else Bucket(self._rate, self._rate * 2)
        identity = Identity(actor, credential, self._secret, bucket, ends_at)
        with self._lock:
            # What was asked before a change happened must not be remembered after it.
            if changes == self._changes:
                if len(self._known) >= MAX_IDENTITIES:
                    self._known = {}
                self._known[presented.key] = identity
        return identity

    def _resolve(self, presented: Presented) -> tuple[Actor, Credential, float]:
        if presented.access_token is None:
            assert presented.credential is not None
            identity_lookups.labels("miss").inc()
            actor, ends_at = self.fresh(presented.credential)
            return actor, presented.credential, ends_at
        token = tokens.verify(presented.access_token, self._secret)
        if self._is_outdated(token):
            identity_lookups.labels("miss").inc()
            actor, ends_at = self.fresh(token.credential)
            return actor, token.credential, min(ends_at, token.expires_at)
        identity_lookups.labels("local").inc()
        return token.actor, token.credential, token.expires_at

    def _is_outdated(self, token: tokens.AccessToken) -> bool:
        names = (token.actor.user_id, token.actor.key_id, token.actor.session_id)
        changed = max((self._changed_users.get(str(name), 0.0) for name in names), default=0.0)
        return token.issued_at <= max(changed, self._all_changed_at)


def _is(actor: Actor, user: str | None, key: str | None, session: str | None) -> bool:
    return (
        (user is not None and str(actor.user_id) == user)
        or (key is not None and str(actor.key_id) == key)
        or (session is not None and str(actor.session_id) == session)
    )
