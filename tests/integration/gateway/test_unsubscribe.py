"""Whoever has the link in a message unsubscribes without an account: looking changes nothing, posting does."""

import httpx
import pytest

from tests.integration.gateway.conftest import Door
from tests.integration.gateway.standin import TICKET


@pytest.fixture
def stranger(door: Door):
    with door.client(token=None) as client:
        yield client


def test_looking_shows_a_button_and_one_click_unsubscribes(stranger: httpx.Client) -> None:
    for _ in range(2):
        page = stranger.get(f"/v1/unsubscribe/{TICKET}", headers={"Accept-Language": "es"})
        assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
        assert '<form method="post">' in page.text
        assert "¿No quiere recibir más publicidad" in page.text
        assert page.headers["cache-control"] == "no-store"

    # As mail programs post it (RFC 8058), in either of the two forms.
    done = stranger.post(f"/v1/unsubscribe/{TICKET}", data={"List-Unsubscribe": "One-Click"})
    assert done.status_code == 200
    assert "we send no more advertising" in done.text
    again = stranger.post(f"/v1/unsubscribe/{TICKET}", files={"List-Unsubscribe": (None, "One-Click")})
    assert again.status_code == 200
    assert "<form" not in stranger.get(f"/v1/unsubscribe/{TICKET}").text


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_link_that_is_not_ours_and_parameters_are_refused(stranger: httpx.Client, method: str) -> None:
    wrong = stranger.request(method, "/v1/unsubscribe/made-up")
    assert (wrong.status_code, wrong.headers["content-type"]) == (404, "application/problem+json")
    assert stranger.request(method, f"/v1/unsubscribe/{TICKET}?all=true").status_code == 422
    assert stranger.put(f"/v1/unsubscribe/{TICKET}", json={}).status_code == 405
