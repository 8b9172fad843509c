"""The conventions of the public surface, whichever service answers."""

import httpx
import pytest

from tests.integration.gateway.conftest import Door
from tests.integration.gateway.people import ADMIN, PERSON

pytestmark = pytest.mark.broker


def test_a_record_comes_as_the_service_wrote_it_with_its_etag(client: httpx.Client) -> None:
    answer = client.get(f"/v1/people/{PERSON}")
    assert answer.status_code == 200
    assert answer.headers["etag"] == '"3"'
    assert answer.headers["content-type"] == "application/json"
    assert answer.content == b'{"id":"%s","display_name":"Ana N\xc3\xba\xc3\xb1ez","version":3}' % PERSON.encode()


@pytest.mark.parametrize("tags", ['"3"', 'W/"3"', '"1", "3"', "*"])
def test_an_unchanged_record_answers_304_without_a_body(client: httpx.Client, tags: str) -> None:
    answer = client.get(f"/v1/people/{PERSON}", headers={"If-None-Match": tags})
    assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", '"3"')


def test_head_answers_like_get_without_the_body(client: httpx.Client) -> None:
    answer = client.head(f"/v1/people/{PERSON}")
    assert answer.status_code == 200
    assert int(answer.headers["content-length"]) == len(client.get(f"/v1/people/{PERSON}").content)
    assert answer.content == b""


def test_what_is_created_says_where_it_lives(client: httpx.Client) -> None:
    answer = client.post("/v1/people", json={"last_name": "Núñez"})
    assert answer.status_code == 201
    assert answer.headers["location"] == f"/v1/people/{PERSON}"
    assert answer.headers["etag"] == '"1"'
    assert answer.json()["kwargs"] == {"data": {"last_name": "Núñez"}}


def test_a_repeated_answer_says_that_it_is_one(client: httpx.Client) -> None:
    answer = client.post("/v1/people", json={}, headers={"Idempotency-Key": "seen"})
    assert answer.headers["idempotent-replayed"] == "true"
    assert answer.json()["headers"]["nameko.idempotency_key"] == "seen"


def test_a_page_links_to_the_next_one_and_keeps_the_question(client: httpx.Client) -> None:
    answer = client.get("/v1/people", params={"q": "núñez", "limit": "2", "cursor": "old"})
    assert answer.json()["asked"] == {"q": "núñez", "limit": "2", "cursor": "old"}
    assert answer.headers["link"] == '</v1/people?q=n%C3%BA%C3%B1ez&limit=2&cursor=abc%3D>; rel="next"'


def test_a_parameter_given_twice_becomes_a_list(client: httpx.Client) -> None:
    assert client.get("/v1/people?tag=a&tag=b").json()["asked"] == {"tag": ["a", "b"]}


def test_what_is_removed_answers_204_with_nothing(client: httpx.Client) -> None:
    answer = client.delete(f"/v1/people/{PERSON}")
    assert (answer.status_code, answer.content) == (204, b"")


def test_a_change_carries_the_version_it_is_based_on(client: httpx.Client) -> None:
    answer = client.patch(
        f"/v1/people/{PERSON}",
        content=b'{"last_name":null}',
        headers={"If-Match": '"3"', "Content-Type": "application/merge-patch+json"},
    )
    assert answer.json()["headers"]["nameko.if_match"] == "3"
    assert answer.json()["kwargs"] == {"data": {"last_name": None}}


@pytest.mark.parametrize(("tag", "status"), [("*", 428), ('"abc"', 412), ('"99999999999"', 412)])
def test_an_impossible_version_is_refused_at_the_door(client: httpx.Client, tag: str, status: int) -> None:
    answer = client.patch(f"/v1/people/{PERSON}", json={}, headers={"If-Match": tag})
    assert answer.status_code == status


def test_the_service_hears_who_asks_signed_and_in_which_language(client: httpx.Client) -> None:
    told = client.post("/v1/people", json={}, headers={"Accept-Language": "en-GB, es;q=0.5"}).json()
    assert told["actor"]["user_id"] == ADMIN["user_id"]
    assert told["actor"]["permissions"] == {"*:*": "all"}
    assert told["headers"]["nameko.locale"] == "en"
    assert float(told["headers"]["nameko.deadline"]) > 0


def test_request_id_and_trace_are_taken_echoed_and_passed_on(client: httpx.Client) -> None:
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    answer = client.post("/v1/people", json={}, headers={"X-Request-ID": "order-17", "traceparent": trace})
    assert answer.headers["x-request-id"] == "order-17"
    assert answer.headers["traceparent"] == trace
    assert answer.json()["headers"]["nameko.request_id"] == "order-17"
    assert answer.json()["headers"]["nameko.traceparent"] == trace


def test_an_unsound_request_id_is_replaced(client: httpx.Client) -> None:
    answer = client.get(f"/v1/people/{PERSON}", headers={"X-Request-ID": 'a" b', "traceparent": "00-zz"})
    assert len(answer.headers["x-request-id"]) == 32
    assert answer.headers["traceparent"].startswith("00-")


def test_options_says_which_methods_there_are(client: httpx.Client) -> None:
    answer = client.options("/v1/people")
    assert (answer.status_code, answer.headers["allow"]) == (204, "GET, POST, HEAD, OPTIONS")


def test_every_answer_carries_the_security_headers(client: httpx.Client) -> None:
    for path in (f"/v1/people/{PERSON}", "/v1/nothing", "/docs", "/healthz"):
        headers = client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "access-control-allow-origin" not in headers


def test_many_requests_share_one_connection(door: Door) -> None:
    with door.client() as client:
        for _ in range(30):
            assert client.get(f"/v1/people/{PERSON}").status_code == 200
            assert client.post("/v1/people", json={"note": "x" * 20_000}).status_code == 201
