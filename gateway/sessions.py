"""Signing in and out, and changing one credential for a short-lived token."""

from datetime import UTC, datetime
from typing import Any, Final

import orjson

from chassis.client import Client
from chassis.clock import utc_now
from chassis.credentials import csrf_token, hash_secret
from gateway import tokens
from gateway.answers import Answer, json_answer
from gateway.bodies import read_json
from gateway.credentials import session_cookie, session_secret
from gateway.dispatch import rpc_headers
from gateway.identity import Identities
from gateway.parameters import refuse_all
from gateway.request import Request

_MAX_BODY: Final = 16_384
_MAX_AGENT: Final = 255
_NO_STORE: Final = ("Cache-Control", "no-store")


class Sessions:
    """The routes under /v1/session that handle secrets, which never go further than here."""

    def __init__(self, client: Client, identities: Identities, secret: str) -> None:
        self._client = client
        self._identities = identities
        self._secret = secret

    def log_in(self, request: Request) -> Answer:
        """Open a session: the cookie for browsers, the access token for programs."""
        refuse_all(request)
        sent = read_json(request, _MAX_BODY)
        data = sent
        if isinstance(sent, dict):
            agent = request.header("USER_AGENT")
            data = {**sent, "ip": request.address, "user_agent": agent[:_MAX_AGENT] if agent else None}
        reply = self._client.call("administration.log_in", data=data, headers=rpc_headers(request), timeout=10)
        opened: dict[str, Any] = orjson.loads(reply.body)
        secret: str = opened.pop("secret")
        credential = tokens.Credential("session", hash_secret(secret))
        actor, _ = self._identities.fresh(credential)
        access_token, ends_at = tokens.issue(actor, credential, self._secret)
        opened["csrf_token"] = csrf_token(secret)
        opened["access_token"] = access_token
        opened["access_token_expires_at"] = _instant(ends_at)
        cookie = session_cookie(secret, max_age=_seconds_until(opened), secure=request.is_https)
        return json_answer(opened, 201, [cookie, ("Location", "/v1/session"), _NO_STORE])

    def who_am_i(self, request: Request) -> Answer:
        """Say who is calling; with the cookie also the CSRF token, which a reloaded page has lost."""
        reply = self._client.call(
            "administration.who_am_i", headers=rpc_headers(request), timeout=5, params=request.params()
        )
        known: dict[str, Any] = orjson.loads(reply.body)
        secret = session_secret(request.environ)
        if secret is not None and "HTTP_AUTHORIZATION" not in request.environ:
            known["csrf_token"] = csrf_token(secret)
        return json_answer(known, 200, [_NO_STORE])

    def log_out(self, request: Request) -> Answer:
        """End the session, here and now."""
        refuse_all(request)
        self._client.call("administration.log_out", headers=rpc_headers(request), timeout=5)
        assert request.identity is not None
        actor = request.identity.actor
        if actor.session_id is not None:
            # The event says so too; this answer must already be true.
            self._identities.forget(session=str(actor.session_id))
        return Answer(204, b"", [session_cookie("", max_age=0, secure=request.is_https), _NO_STORE])

    def token(self, request: Request) -> Answer:
        """Give an access token for whatever valid credential the request carries."""
        refuse_all(request)
        assert request.identity is not None
        # Looked up anew, so that a token cannot prolong itself beyond the credential behind it.
        credential = request.identity.credential
        actor, _ = self._identities.fresh(credential)
        access_token, ends_at = tokens.issue(actor, credential, self._secret)
        content = {
            "access_token": access_token,
            "token_type": "Bearer",
            "expires_in": tokens.LIFETIME_SECONDS,
            "expires_at": _instant(ends_at),
        }
        return json_answer(content, 201, [_NO_STORE])


def _instant(epoch: float) -> str:
    return datetime.fromtimestamp(int(epoch), UTC).isoformat().replace("+00:00", "Z")


def _seconds_until(opened: dict[str, Any]) -> int:
    ends_at = opened.get("expires_at")
    if not isinstance(ends_at, str):
        return 43_200
    return max(1, int((datetime.fromisoformat(ends_at) - utc_now()).total_seconds()))
