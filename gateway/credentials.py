"""Which credential a request carries, and whether its shape allows it at all."""

from dataclasses import dataclass
from typing import Any, Final

from chassis.credentials import hash_secret, is_api_token, is_csrf_token
from chassis.errors import Unauthenticated
from gateway import tokens
from gateway.refusals import CsrfTokenMissing
from gateway.request import Request
from gateway.tokens import Credential

COOKIE: Final = "trato_session"
SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Presented:
    """A credential as presented: ``key`` names it in caches, ``access_token`` is set for that kind alone."""

    key: str
    credential: Credential | None = None
    access_token: str | None = None
    session_secret: str | None = None


def presented_by(request: Request) -> Presented:
    """Return the request's credential. Raise ``Unauthenticated`` where there is none, or no possible one."""
    header: str | None = request.environ.get("HTTP_AUTHORIZATION")
    if header is not None:
        scheme, _, token = header.partition(" ")
        if scheme.lower() != "bearer":
            raise Unauthenticated
        return _bearer(token.strip())
    secret = session_secret(request.environ)
    if secret is None:
        raise Unauthenticated
    # Another site can make a browser send the cookie, but not this header.
    if request.method not in SAFE_METHODS and not is_csrf_token(secret, request.header("X_CSRF_TOKEN")):
        raise CsrfTokenMissing
    hashed = hash_secret(secret)
    return Presented(hashed, Credential("session", hashed), session_secret=secret)


def session_secret(environ: dict[str, Any]) -> str | None:
    """Return the secret in the session cookie, if there is one."""
    for part in environ.get("HTTP_COOKIE", "").split(";"):
        name, _, value = part.strip().partition("=")
        if name == COOKIE and value:
            return str(value)
    return None


def session_cookie(secret: str, *, max_age: int, secure: bool) -> tuple[str, str]:
    """Return the header that sets the cookie; ``max_age`` 0 removes it."""
    value = f"{COOKIE}={secret}; Path=/; HttpOnly; SameSite=Lax; Max-Age={max_age}"
    return ("Set-Cookie", f"{value}; Secure" if secure else value)


def _bearer(token: str) -> Presented:
    if token.startswith(tokens.PREFIX):
        return Presented(hash_secret(token), access_token=token)
    if not is_api_token(token):
        raise Unauthenticated
    hashed = hash_secret(token)
    return Presented(hashed, Credential("api_key", hashed))
