"""Whatever is refused is refused as a problem document, in the caller's language, with nothing of the inside."""

import socket

import httpx
import orjson
import pytest

from tests.integration.gateway.conftest import Door
from tests.integration.gateway.people import PERSON

pytestmark = pytest.mark.broker


def problem(answer: httpx.Response, status: int, code: str) -> dict[str, object]:
    assert answer.headers["content-type"] == "application/problem+json"
    document: dict[str, object] = answer.json()
    assert (answer.status_code, document["status"], document["code"]) == (status, status, code), document
    assert document["instance"] == answer.request.url.path
    assert document["request_id"] == answer.headers["x-request-id"]
    assert {"type", "title", "detail"} <= set(document)
    return document


def test_a_refusal_of_a_service_passes_through_with_what_it_names(client: httpx.Client) -> None:
    document = problem(client.post("/v1/people", json={"last_name": "Double"}), 409, "possible-duplicate")
    assert document["matches"] == [{"id": PERSON}]


def test_a_missing_permission_names_it(client: httpx.Client) -> None:
    document = problem(client.post("/v1/people", json={"last_name": "Forbidden"}), 403, "permission-denied")
    assert document["permission"] == "people:write"


def test_an_unknown_address_is_404_and_a_wrong_method_405(client: httpx.Client) -> None:
    problem(client.get("/v1/unicorns"), 404, "no-such-address")
    problem(client.get("/v1/people/"), 404, "no-such-address")
    wrong = client.put("/v1/people", json={})
    problem(wrong, 405, "method-not-allowed")
    assert wrong.headers["allow"] == "GET, POST, HEAD, OPTIONS"


def test_the_sentence_comes_in_the_callers_language(client: httpx.Client) -> None:
    english = client.get("/v1/unicorns", headers={"Accept-Language": "en"})
    spanish = client.get("/v1/unicorns", headers={"Accept-Language": "es-MX,es;q=0.9"})
    assert english.json()["detail"] == "There is nothing at this address."
    assert spanish.json()["detail"] == "No hay nada en esta dirección."
    assert (english.headers["content-language"], spanish.headers["content-language"]) == ("en", "es")


@pytest.mark.parametrize(
    ("body", "position"),
    [(b'{"a":1,}', 6), (b"nonsense", 0), (b'{"a":NaN}', 5), (b'"\\ud800"', 1), (b'{"a":"\\u0000"}', 6), (b"\xff", 0)],
)
def test_malformed_json_says_where(client: httpx.Client, body: bytes, position: int) -> None:
    answer = client.post("/v1/people", content=body, headers={"Content-Type": "application/json"})
    assert problem(answer, 400, "malformed-json")["position"] == position


def test_another_media_type_is_refused(client: httpx.Client) -> None:
    problem(client.post("/v1/people", data={"last_name": "x"}), 415, "unsupported-media-type")
    problem(client.post("/v1/people", content=b"{}"), 415, "unsupported-media-type")


def test_a_body_over_the_limit_is_refused_whether_or_not_it_says_its_length(client: httpx.Client) -> None:
    large = orjson.dumps({"note": "x" * 1_100_000})
    json = {"Content-Type": "application/json"}
    problem(client.post("/v1/people", content=large, headers=json), 413, "too-large")
    chunks = [large[start : start + 50_000] for start in range(0, len(large), 50_000)]
    problem(client.post("/v1/people", content=iter(chunks), headers=json), 413, "too-large")


def test_an_unreadable_query_is_refused(client: httpx.Client) -> None:
    problem(client.get("/v1/people?q=%ff"), 400, "malformed-request")
    problem(client.get("/v1/people?q=%00"), 400, "malformed-request")


@pytest.mark.parametrize("key", ["", "x" * 256, "ñ"])
def test_an_impossible_idempotency_key_is_refused(client: httpx.Client, key: str) -> None:
    answer = client.post("/v1/people", json={}, headers={"Idempotency-Key": key.encode()})
    problem(answer, 400, "malformed-request")


def test_no_trace_of_an_inner_error_leaves(client: httpx.Client) -> None:
    answer = client.get("/v1/people/crash")
    problem(answer, 500, "internal-error")
    assert "secret of the inside" not in answer.text
    assert "Traceback" not in answer.text


def test_what_is_not_http_is_answered_with_a_problem_too(door: Door) -> None:
    with socket.create_connection(door.address, 60) as connection:
        connection.sendall(b"THIS IS NOT HTTP\r\n\r\n")
        answer = connection.recv(4096)
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert orjson.loads(answer.partition(b"\r\n\r\n")[2])["code"] == "malformed-http"


def test_a_request_line_without_end_is_refused(door: Door) -> None:
    with socket.create_connection(door.address, 60) as connection:
        connection.sendall(b"GET /v1/people?q=" + b"x" * 20_000 + b" HTTP/1.1\r\n\r\n")
        assert connection.recv(4096).startswith(b"HTTP/1.1 414 ")
