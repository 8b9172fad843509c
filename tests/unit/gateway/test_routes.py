"""The route table and what the services declare are one thing."""

import re

import pytest

from chassis.declarations import INTERNAL
from gateway.customers import BLOCKS, HOLDINGS
from gateway.jobs import EXPORTERS, JOB_OWNERS
from gateway.refusals import MethodNotAllowed, NoSuchAddress
from gateway.route import Route
from gateway.routes import ROUTES
from gateway.routing import Router
from gateway.search import SEARCHERS
from gateway.unsubscribe import CLICK, LOOK
from tools.contracts.services import all_contracts

CONTRACTS = dict(all_contracts())
# What the gateway asks for by itself, inside an answer of its own.
ASKED_BY_US = {
    "administration.log_in",
    "administration.log_out",
    "administration.who_am_i",
    *(rpc for block in (*BLOCKS, *HOLDINGS) for rpc in (block.rpc, *block.alternatives)),
    *(searcher.rpc for searcher in SEARCHERS),
    *EXPORTERS.values(),
    LOOK,
    CLICK,
    *(f"{owner}.{verb}" for owner in JOB_OWNERS for verb in ("get_job", "cancel_job")),
}


@pytest.mark.parametrize("route", [route for route in ROUTES if not route.rpc.startswith("gateway.")], ids=str)
def test_each_route_is_answered_by_an_operation_that_exists_and_takes_its_ids(route: Route) -> None:
    contract = CONTRACTS[route.rpc]
    assert len(contract.ids) == len(re.findall(r"{\w+}", route.path))
    assert contract.needs != INTERNAL
    assert (contract.needs is None) == route.anonymous
    # A question too long for a URL is posted.
    assert (contract.kind == "command") == (route.method != "GET" and not route.path.endswith(("/search", "/preview")))
    assert bool(contract.patches) == (route.method == "PATCH")
    assert contract.bulk == route.bulk


def test_each_operation_is_routed_asked_by_us_or_internal() -> None:
    routed = {route.rpc for route in ROUTES}
    left = {
        name for name, contract in CONTRACTS.items() if name not in routed | ASKED_BY_US and contract.needs != INTERNAL
    }
    assert left == set()


def test_what_we_ask_for_exists() -> None:
    assert set(CONTRACTS) >= ASKED_BY_US


def test_every_path_answers_the_route_that_it_was_written_for() -> None:
    router = Router(ROUTES)
    for route in ROUTES:
        path = re.sub(r"{\w+}", "x", route.path)
        found, ids = router.match(route.method, path)
        assert found is route
        assert len(ids) == route.path.count("{")


def test_a_written_segment_wins_over_an_id() -> None:
    router = Router([Route("GET", "/v1/a/{id}", "s.one"), Route("POST", "/v1/a/search", "s.search")])
    assert router.match("GET", "/v1/a/7") == (Route("GET", "/v1/a/{id}", "s.one"), ("7",))
    with pytest.raises(MethodNotAllowed) as refused:
        router.match("GET", "/v1/a/search")
    assert refused.value.params["allow"] == "POST, OPTIONS"


@pytest.mark.parametrize("path", ["/v1/a", "/v1/a/", "/v1/a/7/8", "/v1/b/7", "/", "/v1/a/\xff"])
def test_other_paths_lead_nowhere(path: str) -> None:
    with pytest.raises(NoSuchAddress):
        Router([Route("GET", "/v1/a/{id}", "s.one")]).match("GET", path)


def test_two_routes_for_one_address_are_refused() -> None:
    with pytest.raises(ValueError, match="two routes"):
        Router([Route("GET", "/v1/a/{id}", "s.one"), Route("GET", "/v1/a/{other}", "s.two")])
