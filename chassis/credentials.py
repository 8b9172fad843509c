"""Secrets that machines hold: session secrets, API tokens, CSRF tokens, and what is kept of them."""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, field
from typing import Final

PREFIX_LENGTH: Final = 10
_ALPHABET: Final = "abcdefghijkmnpqrstuvwxyz23456789"
_TOKEN: Final = re.compile(rf"trato_[{_ALPHABET}]{{{PREFIX_LENGTH}}}_[A-Za-z0-9_-]{{43}}")


@dataclass(frozen=True, kw_only=True)
class NewToken:
    """An API token at its birth: ``token`` is shown once, ``prefix`` names it for ever."""

    token: str = field(repr=False)
    prefix: str


def new_secret() -> str:
    """Return 256 random bits as text that fits a cookie."""
    return secrets.token_urlsafe(32)


def new_api_token() -> NewToken:
    """Return a fresh token of the form ``trato_<prefix>_<secret>``."""
    prefix = "".join(secrets.choice(_ALPHABET) for _ in range(PREFIX_LENGTH))
    return NewToken(token=f"trato_{prefix}_{new_secret()}", prefix=prefix)


def is_api_token(text: str) -> bool:
    """Return whether ``text`` has the form of an API token."""
    return _TOKEN.fullmatch(text) is not None


def hash_secret(secret: str) -> str:
    """Return what is stored instead of a session secret or a whole API token: SHA-256, 64 hexadecimal digits.

    A plain hash is enough here and a slow one would cost every request: nobody guesses 256 random bits.
    """
    return hashlib.sha256(secret.encode()).hexdigest()


def csrf_token(session_secret: str) -> str:
    """Return the CSRF token of a session; it is derived, so nothing is stored and a reload finds it again."""
    return hmac.new(session_secret.encode(), b"csrf", hashlib.sha256).hexdigest()


def is_csrf_token(session_secret: str, given: str | None) -> bool:
    """Return whether ``given`` is the CSRF token of the session, in constant time."""
    return hmac.compare_digest(csrf_token(session_secret).encode(), (given or "").encode())
