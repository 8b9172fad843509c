"""Access tokens: short-lived, signed by us, checked here without asking anybody."""

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass
from typing import Any, Final, Literal

import orjson

from chassis.clock import epoch_seconds
from chassis.context import Actor
from chassis.errors import Unauthenticated
from gateway.refusals import TokenExpired

PREFIX: Final = "tat_"
LIFETIME_SECONDS: Final = 900

CredentialKind = Literal["session", "api_key"]


@dataclass(frozen=True, slots=True)
class Credential:
    """What administration is asked about: never the secret itself, only its hash."""

    kind: CredentialKind
    secret_hash: str


@dataclass(frozen=True, slots=True)
class AccessToken:
    """The actor as it was at ``issued_at`` and the credential behind it; both instants are epoch seconds."""

    actor: Actor
    credential: Credential
    issued_at: float
    expires_at: float


def issue(actor: Actor, credential: Credential, secret: str) -> tuple[str, float]:
    """Return a token for ``actor`` and the instant (epoch seconds) at which it ends."""
    now = epoch_seconds()
    expires_at = now + LIFETIME_SECONDS
    content = {
        "actor": actor.to_dict(),
        "kind": credential.kind,
        "hash": credential.secret_hash,
        "iat": now,
        "exp": expires_at,
    }
    payload = _encode(orjson.dumps(content))
    return f"{PREFIX}{payload}.{_mac(payload, secret)}", expires_at


def verify(token: str, secret: str) -> AccessToken:
    """Return what ``token`` says. Raise ``Unauthenticated`` for a forged one, ``TokenExpired`` for an old one."""
    payload, _, mac = token.removeprefix(PREFIX).partition(".")
    if not hmac.compare_digest(_mac(payload, secret).encode(), mac.encode()):
        raise Unauthenticated
    try:
        content: dict[str, Any] = orjson.loads(_decode(payload))
    except (ValueError, binascii.Error):
        raise Unauthenticated from None
    if content["exp"] <= epoch_seconds():
        raise TokenExpired
    return AccessToken(
        actor=Actor.from_dict(content["actor"]),
        credential=Credential(content["kind"], content["hash"]),
        issued_at=content["iat"],
        expires_at=content["exp"],
    )


def _mac(payload: str, secret: str) -> str:
    return hmac.new(b"access:" + secret.encode(), payload.encode(), hashlib.sha256).hexdigest()


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
