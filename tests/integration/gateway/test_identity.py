"""Who may come in: API keys, access tokens, sessions; and how soon a change counts."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from tests.integration.gateway.conftest import Door, eventually
from tests.integration.gateway.people import (
    ADMIN,
    ADMIN_TOKEN,
    ANA,
    NEW_TOKENS,
    PERSON,
    READER_TOKEN,
    SESSION_ID,
    SESSION_SECRET,
    UNKNOWN_TOKEN,
)
from tests.integration.gateway.telling import envelope, tell

pytestmark = pytest.mark.broker


def asked(client: httpx.Client) -> int:
    """How often administration was asked who somebody is."""
    count: int = client.get(f"/v1/users/{PERSON}").json()["asked"]
    return count


@contextmanager
def log_in(door: Door) -> Iterator[httpx.Client]:
    with door.client(token=None) as client:
        answer = client.post("/v1/session", json={"username": "ana", "password": "trato-demo"})
        assert answer.status_code == 201, answer.text
        client.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
        yield client


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer nonsense", f"Bearer {UNKNOWN_TOKEN}", "Basic YTpi", "Bearer tat_a.b"]
)
def test_a_stranger_is_refused_and_told_how_to_sign_in(door: Door, header: str) -> None:
    answer = httpx.get(f"{door.url}/v1/people/{PERSON}", headers={"Authorization": header} if header else {})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == 'Bearer realm="trato"'
    assert answer.json()["code"] == "unauthenticated"


def test_administration_is_asked_once_not_at_every_request(door: Door) -> None:
    with door.client() as client:
        before = asked(client)
        for _ in range(20):
            client.get(f"/v1/people/{PERSON}")
        assert asked(client) - before <= 1


def test_logging_in_sets_a_cookie_that_scripts_cannot_read_and_gives_tokens(door: Door) -> None:
    with door.client(token=None) as client:
        answer = client.post("/v1/session", json={"username": "ana", "password": "trato-demo"})
        content = answer.json()
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith(f"trato_session={SESSION_SECRET};")
        assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= {part.strip() for part in cookie.split(";")}
        assert "Secure" not in cookie
        assert "secret" not in content
        assert content["ip"] == "127.0.0.1"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["location"] == "/v1/session"
    with httpx.Client(headers={"Authorization": f"Bearer {content['access_token']}"}) as bearer:
        assert bearer.get(f"{door.url}/v1/session").json()["actor"]["user_id"] == ANA["user_id"]


def test_the_cookie_alone_reads_but_changes_nothing_without_the_csrf_token(door: Door) -> None:
    with log_in(door) as client:
        token = client.headers.pop("X-CSRF-Token")
        me = client.get("/v1/session")
        assert me.json()["csrf_token"] == token
        refused = client.post("/v1/people", json={})
        assert (refused.status_code, refused.json()["code"]) == (403, "csrf-token-missing")
        assert client.post("/v1/people", json={}, headers={"X-CSRF-Token": "0" * 64}).status_code == 403
        assert client.post("/v1/people", json={}, headers={"X-CSRF-Token": token}).status_code == 201


def test_logging_out_ends_the_cookie(door: Door) -> None:
    with log_in(door) as client:
        answer = client.delete("/v1/session")
        assert answer.status_code == 204
        assert "Max-Age=0" in answer.headers["set-cookie"]


def test_a_wrong_password_and_a_growing_delay_pass_through(door: Door) -> None:
    with door.client(token=None) as client:
        assert client.post("/v1/session", json={"username": "ana", "password": "x"}).status_code == 401
        slowed = client.post("/v1/session", json={"username": "ana", "password": "slow"})
        assert (slowed.status_code, slowed.headers["retry-after"]) == (429, "17")


def test_any_valid_credential_gives_a_short_lived_token_that_is_checked_here(door: Door) -> None:
    with door.client() as client:
        content = client.post("/v1/session/token").json()
        assert content["expires_in"] == 900
        before = asked(client)
        with door.client(content["access_token"]) as bearer:
            assert bearer.get("/v1/session").json()["actor"]["user_id"] == ADMIN["user_id"]
        assert asked(client) - before <= 1


def test_a_forged_token_is_refused(door: Door) -> None:
    with door.client() as client:
        token: str = client.post("/v1/session/token").json()["access_token"]
    head, _, mac = token.partition(".")
    for forged in (f"{head[:-2]}AA.{mac}", f"{head}.{mac[:-1]}x", f"{head}.", head):
        assert httpx.get(f"{door.url}/v1/session", headers={"Authorization": f"Bearer {forged}"}).status_code == 401


# Whoever is known is looked up again after 15 s anyway; at once is before that.
AT_ONCE = 14.0


@pytest.mark.parametrize(
    ("topic", "data", "key"),
    [
        ("user_changed", {"user_id": ADMIN["user_id"]}, 0),
        ("group_changed", {"group_id": PERSON}, 1),
        ("role_changed", {"role_id": PERSON}, 2),
        ("api_key_revoked", {"key_id": ADMIN["key_id"]}, 3),
    ],
)
def test_a_change_counts_at_once(door: Door, topic: str, data: dict[str, str], key: int) -> None:
    began = time.monotonic()
    with door.client(NEW_TOKENS[key]) as client:
        token = client.post("/v1/session/token").json()["access_token"]
        with door.client(token) as bearer:
            bearer.get(f"/v1/people/{PERSON}")
            client.get(f"/v1/people/{PERSON}")
            before = asked(client)
            tell(door.broker_url, envelope(f"crm.administration.{topic}.v1", f"users/{PERSON}", data))

            def looked_up() -> int:
                bearer.get(f"/v1/people/{PERSON}")
                return asked(client) - before

            # The key is looked up again, and so is the token that was given before the change.
            eventually(lambda: looked_up() == 2, began + AT_ONCE - time.monotonic())


def test_the_end_of_a_session_forgets_it(door: Door) -> None:
    with log_in(door) as earlier:
        earlier.delete("/v1/session")
    began = time.monotonic()
    with log_in(door) as session, door.client(NEW_TOKENS[4]) as client:
        session.get(f"/v1/people/{PERSON}")
        before = asked(client)
        told = envelope("crm.administration.session_ended.v1", f"sessions/{PERSON}", {"session_id": SESSION_ID})
        tell(door.broker_url, told)

        def looked_up() -> int:
            session.get(f"/v1/people/{PERSON}")
            return asked(client) - before

        eventually(lambda: looked_up() == 1, began + AT_ONCE - time.monotonic())


def test_somebody_known_goes_on_while_administration_is_away(own_door: Door) -> None:
    with own_door.client() as client:
        assert client.get(f"/v1/people/{PERSON}").status_code == 200
        own_door.stop_service("administration")
        time.sleep(16)
        assert client.get(f"/v1/people/{PERSON}").status_code == 200
    with own_door.client(READER_TOKEN) as other:
        refused = other.get(f"/v1/people/{PERSON}")
        assert (refused.status_code, refused.json()["code"]) == (503, "service-down")
        assert int(refused.headers["retry-after"]) > 0


@pytest.mark.parametrize("own_gateway", [{"TRATO_GATEWAY_STRANGER_RATE": "1"}], indirect=True)
def test_guessing_credentials_is_slowed_down_by_address(own_gateway: Door) -> None:
    with own_gateway.client(UNKNOWN_TOKEN) as client:
        answers = [client.get(f"/v1/people/{PERSON}") for _ in range(12)]
        assert [answer.status_code for answer in answers[:3]] == [401] * 3
        refused = [answer for answer in answers if answer.status_code == 429]
        assert int(refused[0].headers["retry-after"]) >= 1


@pytest.mark.parametrize("own_gateway", [{"TRATO_GATEWAY_PRINCIPAL_RATE": "1"}], indirect=True)
def test_each_principal_has_a_rate_of_its_own(own_gateway: Door) -> None:
    with own_gateway.client() as busy, own_gateway.client(READER_TOKEN) as calm:
        statuses = [busy.get(f"/v1/people/{PERSON}").status_code for _ in range(10)]
        assert statuses[0] == 200
        assert 429 in statuses
        assert calm.get(f"/v1/people/{PERSON}").status_code == 200


@pytest.mark.parametrize(
    "own_gateway",
    [{"TRATO_TRUSTED_PROXIES": "127.0.0.1/32", "TRATO_CORS_ORIGINS": "https://crm.example"}],
    indirect=True,
)
def test_behind_a_trusted_proxy_address_scheme_and_origin_are_believed(own_gateway: Door) -> None:
    headers = {"X-Forwarded-For": "6.6.6.6, 203.0.113.9", "X-Forwarded-Proto": "https", "Origin": "https://crm.example"}
    with own_gateway.client(token=None) as client:
        answer = client.post("/v1/session", json={"username": "ana", "password": "trato-demo"}, headers=headers)
        assert answer.json()["ip"] == "203.0.113.9"
        assert "; Secure" in answer.headers["set-cookie"]
        assert "strict-transport-security" in answer.headers
        assert answer.headers["access-control-allow-origin"] == "https://crm.example"
        preflight = client.options("/v1/people", headers=headers)
        assert "POST" in preflight.headers["access-control-allow-methods"]
        assert "Idempotency-Key" in preflight.headers["access-control-allow-headers"]
        other = client.options("/v1/people", headers={"Origin": "https://evil.example"})
        assert "access-control-allow-origin" not in other.headers


def test_a_proxy_that_is_not_trusted_is_not_believed(door: Door) -> None:
    with door.client(token=None) as client:
        headers = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}
        answer = client.post("/v1/session", json={"username": "ana", "password": "trato-demo"}, headers=headers)
        assert answer.json()["ip"] == "127.0.0.1"
        assert "Secure" not in answer.headers["set-cookie"]


def test_a_key_is_never_taken_from_the_query(door: Door) -> None:
    assert httpx.get(f"{door.url}/v1/people?access_token={ADMIN_TOKEN}").status_code == 401
