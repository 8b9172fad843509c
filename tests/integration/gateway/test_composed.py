"""Answers composed of several services: each part in time, or it says why not; the answer always comes."""

import time
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from chassis.blobs import open_store, sign_download
from chassis.settings import for_tests
from tests.integration.gateway.conftest import SECRET, Door, eventually, quick
from tests.integration.gateway.people import (
    CASE,
    OTHER,
    PERSON,
    READER_TOKEN,
    SECRET_CASE,
    SESSION_SECRET,
    SLOW,
    SLOW_PERSON,
)

pytestmark = pytest.mark.broker


def test_the_customer_page_shows_each_block_with_the_instant_of_its_data(client: httpx.Client) -> None:
    page = client.get(f"/v1/customers/{PERSON}").json()
    assert page["id"] == PERSON
    assert page["card"]["data"]["display_name"] == "Ana Núñez"
    assert abs(datetime.fromisoformat(page["card"]["as_of"]) - datetime.now(UTC)) < timedelta(minutes=1)
    assert {"card", "timeline", "relations", "interests", "interactions", "leads", "opportunities"} <= set(page)


def test_a_block_that_fails_says_so_and_the_others_stand(client: httpx.Client) -> None:
    page = client.get(f"/v1/customers/{PERSON}").json()
    assert page["relations"] == {"unavailable": True, "reason": "permission-denied"}
    assert page["interests"]["data"] == []


def test_a_slow_block_is_left_out_at_its_deadline(client: httpx.Client) -> None:
    began = time.perf_counter()
    page = client.get(f"/v1/customers/{SLOW_PERSON}").json()
    assert page["interactions"] == {"unavailable": True, "reason": "deadline-exceeded"}
    assert page["card"]["data"]["id"] == SLOW_PERSON
    assert time.perf_counter() - began < SLOW


def test_a_customer_nobody_knows_is_404(client: httpx.Client) -> None:
    assert client.get(f"/v1/customers/{SESSION_SECRET}").status_code == 404


def test_a_service_that_is_down_costs_its_blocks_only(own_door: Door) -> None:
    with own_door.client() as client:
        client.get(f"/v1/people/{PERSON}")
        own_door.stop_service("contacts")
        answer = client.get(f"/v1/customers/{PERSON}")
        assert answer.status_code == 200
        assert answer.json()["card"] == {"unavailable": True, "reason": "service-down"}
        direct = quick(lambda: client.get(f"/v1/people/{PERSON}"), 5)  # of the 10 s that an operation may take
        assert (direct.status_code, direct.json()["code"]) == (503, "service-down")
        assert int(direct.headers["retry-after"]) > 0
        found = client.get("/v1/search?q=ana").json()["results"]
        assert found["people"] == found["companies"] == {"unavailable": True, "reason": "service-down"}
        # What was seen of the services is remembered for some seconds.
        eventually(lambda: client.get("/readyz").json()["services_not_answering"] == ["contacts"])
        own_door.start_service("contacts")
        assert client.get(f"/v1/people/{PERSON}").status_code == 200


@pytest.mark.parametrize("own_gateway", [{"TRATO_GATEWAY_REQUEST_TIMEOUT": "1"}], indirect=True)
def test_an_operation_that_takes_too_long_is_504(own_gateway: Door) -> None:
    with own_gateway.client() as client:
        answer = client.get("/v1/people/wait")
        assert (answer.status_code, answer.json()["code"]) == (504, "deadline-exceeded")


def test_search_asks_everybody_and_leaves_out_what_one_may_not_see(client: httpx.Client) -> None:
    found = client.get("/v1/search", params={"q": "núñez", "limit": 3}).json()
    assert found["q"] == "núñez"
    assert found["results"]["people"]["data"]["asked"] == {"q": "núñez", "limit": "3"}
    assert "users" not in found["results"]
    assert set(client.get("/v1/search?q=a&kinds=people").json()["results"]) == {"people"}


@pytest.mark.parametrize(
    "query", ["", "q=", "q=a&limit=0", "q=a&limit=21", "q=a&kinds=unicorns", "q=a&page=2", "q=a&limit=²"]
)
def test_odd_searches_are_refused(client: httpx.Client, query: str) -> None:
    answer = client.get(f"/v1/search?{query}")
    assert (answer.status_code, answer.json()["code"]) == (422, "validation-failed")
    assert {"parameter", "detail"} == set(answer.json()["errors"][0])


@pytest.mark.parametrize("verb", ["preview", "test"])
def test_a_template_is_shown_with_what_a_record_and_its_customer_say(client: httpx.Client, verb: str) -> None:
    body = {"about": f"cases/{CASE}", "locale": "es"}
    given = client.post(f"/v1/templates/{PERSON}/{verb}", json=body, headers={"Idempotency-Key": "once"}).json()
    assert given["kwargs"]["data"] == {
        "locale": "es",
        "record": {
            "case": {
                "id": CASE,
                "number": "2026-000007",
                "person_id": PERSON,
                "company_id": OTHER,
                "sla": {"state": "ok"},
            },
            "person": {"id": PERSON, "display_name": "Ana Núñez", "version": 3},
        },
    }, "the company, which is not in reach, is left out"
    assert given["headers"]["nameko.idempotency_key"] == "once"


def test_a_template_is_shown_only_with_a_record_that_one_may_see(client: httpx.Client) -> None:
    def preview(about: object) -> httpx.Response:
        return client.post(f"/v1/templates/{PERSON}/preview", json={"about": about})

    nothing = preview(f"cases/{PERSON}")
    assert (nothing.status_code, nothing.json()["errors"][0]["pointer"]) == (422, "/about")
    secret = preview(f"cases/{SECRET_CASE}")
    assert (secret.status_code, secret.json()["code"]) == (403, "permission-denied")
    # What names no record is for the service to refuse.
    for about in (f"unicorns/{CASE}", "cases", "cases/", f"jobs/{CASE}", 7, None, {}):
        assert preview(about).json()["kwargs"]["data"] == {"about": about}


def test_an_export_is_a_job_with_one_address_wherever_it_runs(client: httpx.Client) -> None:
    started = client.post("/v1/exports", json={"resource": "people", "filter": {}}, headers={"Idempotency-Key": "e"})
    assert started.status_code == 202
    address = started.headers["location"]
    assert address.startswith("/v1/jobs/")
    assert client.get(address).json()["state"] == "running"
    assert client.post(f"{address}/cancel").json()["state"] == "cancelled"
    assert client.get("/v1/jobs/unknown").status_code == 404
    refused = client.post("/v1/exports", json={"resource": "unicorns"})
    assert refused.json()["errors"][0]["pointer"] == "/resource"


def download_link(door: Door, content: bytes, *, minutes: int = 5, name: str = "Informe año.csv") -> str:
    settings = for_tests(blobs=door.blobs.as_uri())
    stored = open_store(settings).put(iter([content]))
    expires_at = datetime.now(UTC) + timedelta(minutes=minutes)
    return f"{door.url}/v1/files/{sign_download(stored.key, name, 'text/csv', expires_at, secret=SECRET)}"


def test_a_file_is_streamed_to_whoever_holds_the_link(door: Door) -> None:
    content = b"0123456789" * 100_000
    answer = httpx.get(download_link(door, content))
    assert answer.content == content
    assert answer.headers["content-type"] == "text/csv"
    assert answer.headers["content-length"] == str(len(content))
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''Informe%20a%C3%B1o.csv"
    assert answer.headers["accept-ranges"] == "bytes"
    assert httpx.get(answer.url, headers={"If-None-Match": answer.headers["etag"]}).status_code == 304


@pytest.mark.parametrize(
    ("asked", "start", "end"), [("bytes=0-4", 0, 4), ("bytes=5-", 5, 19), ("bytes=-3", 17, 19), ("bytes=15-99", 15, 19)]
)
def test_a_part_of_a_file_can_be_asked_for(door: Door, asked: str, start: int, end: int) -> None:
    content = b"abcdefghijklmnopqrst"
    answer = httpx.get(download_link(door, content), headers={"Range": asked})
    assert answer.status_code == 206
    assert answer.content == content[start : end + 1]
    assert answer.headers["content-range"] == f"bytes {start}-{end}/20"


def test_a_part_outside_the_file_is_refused_with_its_size(door: Door) -> None:
    answer = httpx.get(download_link(door, b"short"), headers={"Range": "bytes=10-"})
    assert (answer.status_code, answer.headers["content-range"]) == (416, "bytes */5")


def test_forged_and_old_links_open_nothing(door: Door) -> None:
    link = download_link(door, b"x")
    assert httpx.get(link[:-2]).status_code == 403
    assert httpx.get(f"{door.url}/v1/files/nonsense").status_code == 403
    assert httpx.get(download_link(door, b"x", minutes=-1)).status_code == 403


def test_somebody_without_the_right_gets_what_remains(door: Door) -> None:
    with door.client(READER_TOKEN) as client:
        assert client.get(f"/v1/customers/{PERSON}").json()["card"]["data"]["id"] == PERSON
