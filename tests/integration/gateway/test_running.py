"""The gateway as a process: pages, health, figures, logs, an orderly end, a broker that goes away."""

import signal
import socket
import threading
import time

import httpx
import orjson
import pytest

from tests.integration.gateway.conftest import Door, eventually, quick
from tests.integration.gateway.people import ADMIN, PERSON
from tests.kit.rabbitmq import RabbitMQ

pytestmark = pytest.mark.broker


def test_the_front_page_leads_to_the_documentation_which_needs_nobody_else(client: httpx.Client) -> None:
    home = client.get("/")
    assert (home.status_code, home.headers["location"]) == (302, "/docs")
    page = client.get("/docs")
    assert page.headers["content-type"].startswith("text/html")
    for name in ("docs.css", "docs.js", "words.js", "icon.svg"):
        file = client.get(f"/docs/{name}")
        assert file.status_code == 200
        assert "https://" not in file.text.replace("http://www.w3.org", "")
    catalogue = client.get("/docs/events/crm.sales.lead_qualified.v1")
    assert (catalogue.status_code, "style-src 'self'" in catalogue.headers["content-security-policy"]) == (200, True)
    assert client.get("/docs/../app.py").status_code == 404
    assert client.get("/docs/%2e%2e/app.py").status_code == 404


def test_the_descriptions_are_served_and_can_be_kept(client: httpx.Client) -> None:
    for name, version in (("openapi", "3.1.0"), ("asyncapi", "3.0.0")):
        answer = client.get(f"/v1/{name}.json", headers={"Authorization": ""})
        assert answer.json()[name] == version
        assert client.get(f"/v1/{name}.json", headers={"If-None-Match": answer.headers["etag"]}).status_code == 304
    schema = client.get("/v1/events/crm.administration.user_changed.v1").json()
    assert schema["title"] == "UserChanged"
    assert client.get("/v1/events/crm.a.b.v1").status_code == 404


def test_health_is_told(client: httpx.Client) -> None:
    assert client.get("/healthz").json() == {"status": "alive"}
    healthy = {
        "status": "ready",
        "broker": True,
        "event_feed": True,
        "services_answering": ["administration", "cases", "contacts", "notifications", "sales"],
        "services_not_answering": [],
    }
    # A service that was slow for a moment is said to be away, until the next look.
    eventually(lambda: client.get("/readyz").json() == healthy)


@pytest.mark.parametrize("blow", [signal.SIGKILL, signal.SIGSTOP])
def test_whoever_of_all_services_is_away_is_named_and_the_gateway_stays_ready(
    own_door: Door, blow: signal.Signals
) -> None:
    others = ["administration", "cases", "notifications", "sales"]
    process = own_door.services["administration"]
    with own_door.client() as client:

        def look_anew() -> httpx.Response:
            time.sleep(2.1)  # what was seen is remembered for 2 s
            return client.get("/readyz")

        process.send_signal(blow)
        looks = (look_anew() for _ in range(10))
        right = (look for look in looks if look.json()["services_not_answering"] == others)
        # Half a second each, and they are waited for together.
        ready = next((look for look in right if look.elapsed.total_seconds() < 2), None)
        assert ready is not None
        assert (ready.status_code, ready.json()["services_answering"]) == (200, ["contacts"])
        if blow == signal.SIGSTOP:
            process.send_signal(signal.SIGCONT)
            eventually(lambda: client.get("/readyz").json()["services_not_answering"] == [])


def test_pages_that_do_not_exist_are_problems_too(client: httpx.Client) -> None:
    answer = client.get("/nothing")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


def test_figures_count_requests_by_route_not_by_id(client: httpx.Client) -> None:
    client.get(f"/v1/people/{PERSON}")
    client.get("/v1/unicorns/17")
    text = client.get("/metrics").text
    assert 'trato_http_requests_total{method="GET",route="/v1/people/{id}",status="200"}' in text
    assert 'trato_http_requests_total{method="ANY",route="unmatched",status="404"}' in text
    assert "trato_http_request_seconds_bucket" in text
    assert "trato_identity_lookups_total" in text
    assert PERSON not in text


def test_each_request_has_one_line_in_the_log_without_secrets(door: Door) -> None:
    with door.client() as client:
        client.get(f"/v1/people/{PERSON}", headers={"X-Request-ID": "look-for-me"})
        client.get("/v1/files/very-secret-token", headers={"X-Request-ID": "look-for-me-too"})

    def found() -> list[str]:
        whole, _, _ = door.log.read_text().rpartition("\n")
        return [line for line in whole.splitlines() if "look-for-me" in line]

    eventually(lambda: len(found()) >= 2)
    lines = [orjson.loads(line) for line in found()]
    assert [line["status"] for line in lines] == [200, 403]
    assert lines[0]["route"] == "/v1/people/{id}"
    assert lines[0]["actor_id"] == ADMIN["user_id"]
    assert lines[0]["request_id"] == "look-for-me"
    assert len(lines[0]["trace_id"]) == 32
    assert lines[0]["ms"] > 0
    assert "very-secret-token" not in door.log.read_text()


@pytest.mark.parametrize("own_gateway", [{"TRATO_GATEWAY_REQUEST_TIMEOUT": "60"}], indirect=True)
def test_a_request_under_way_is_finished_when_the_gateway_is_told_to_stop(own_gateway: Door) -> None:
    answers: list[int] = []

    def ask() -> None:
        with own_gateway.client() as client:
            answers.append(client.get("/v1/people/wait").status_code)

    asking = threading.Thread(target=ask)
    with own_gateway.client() as client:
        client.get(f"/v1/people/{PERSON}")
        asking.start()
        eventually(lambda: "trato_http_in_flight 1.0" in client.get("/metrics").text or answers)
    assert own_gateway.gateway is not None
    own_gateway.gateway.send_signal(signal.SIGTERM)
    asking.join()
    assert answers == [404]
    assert own_gateway.gateway.wait(60) == 0
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(own_gateway.address, 1)


def test_without_a_broker_the_answer_is_503_at_once_and_comes_back_by_itself(
    frail_door: Door, rabbitmq: RabbitMQ
) -> None:
    with frail_door.client() as client:
        assert client.get(f"/v1/people/{PERSON}").status_code == 200
        rabbitmq.stop()
        try:
            answer = quick(lambda: client.get(f"/v1/people/{PERSON}"), 5)  # of the 10 s that an operation may take
            assert (answer.status_code, answer.json()["code"]) == (503, "broker-down")
            eventually(lambda: client.get("/readyz").status_code == 503)
            assert client.get("/healthz").status_code == 200
            assert client.get("/docs").status_code == 200
        finally:
            rabbitmq.start()
        eventually(lambda: client.get(f"/v1/people/{PERSON}").status_code == 200, 60)
        assert client.get("/readyz").json()["broker"]


@pytest.mark.parametrize("own_gateway", [{"TRATO_GATEWAY_WORKERS": "2"}], indirect=True)
def test_two_workers_tell_their_figures_together(own_gateway: Door) -> None:
    for _ in range(20):
        with own_gateway.client() as client:
            assert client.get(f"/v1/people/{PERSON}").status_code == 200
    with own_gateway.client() as client:
        wanted = 'trato_http_requests_total{method="GET",route="/v1/people/{id}",status="200"} 20.0'
        assert wanted in client.get("/metrics").text


@pytest.mark.parametrize("own_gateway", [{"TRATO_GATEWAY_READ_TIMEOUT": "8"}], indirect=True)
def test_callers_who_send_too_slowly_do_not_hold_the_threads(own_gateway: Door) -> None:
    silent = [socket.create_connection(own_gateway.address, 60) for _ in range(14)]
    with own_gateway.client() as client:
        assert client.get(f"/v1/people/{PERSON}").elapsed.total_seconds() < 8
    slow = [socket.create_connection(own_gateway.address, 60) for _ in range(14)]
    try:
        for connection in slow:
            connection.sendall(b"GET /v1/people HTTP/1.1\r\nX-Slow: ")
        with own_gateway.client() as client:
            assert client.get(f"/v1/people/{PERSON}").status_code == 200
        assert all(connection.recv(10) == b"" for connection in slow[:12])
    finally:
        for connection in (*slow, *silent):
            connection.close()
