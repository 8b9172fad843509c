"""Every address refuses strangers, and each role gets exactly what its permissions say."""

import re
import uuid

import pytest

from chassis.context import Actor
from chassis.declarations import ANYONE
from gateway.routes import ROUTES
from services.administration.domain.seeded_roles import SEEDS
from tests.contract.patience import patiently
from tools.contracts.services import all_contracts

CONTRACTS = dict(all_contracts())
BODIES = {"POST", "PUT", "PATCH"}
DECLARED = [route for route in ROUTES if route.rpc in CONTRACTS]
PERMITTED = [route for route in DECLARED if CONTRACTS[route.rpc].permission]

pytestmark = [pytest.mark.broker]


def _path(route):
    return re.sub(r"{\w+}", str(uuid.UUID(int=7)), route.path)


def _ask(stack, route, token):
    body = {} if route.method in BODIES else None
    return patiently(lambda: stack.call(route.method, _path(route), body, token=token), lambda answer: answer.status)


def _name(route):
    return f"{route.method} {route.path}"


@pytest.mark.parametrize("route", [route for route in ROUTES if not route.anonymous], ids=_name)
def test_a_stranger_is_refused(stack, route):
    answer = _ask(stack, route, token="")
    assert answer.status == 401, answer
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.body["code"]


@pytest.mark.parametrize("route", [route for route in ROUTES if not route.anonymous], ids=_name)
def test_a_made_up_token_is_refused(stack, route):
    assert _ask(stack, route, token=f"trato_0000_{uuid.uuid4().hex}").status == 401


@pytest.fixture(scope="session")
def roles(stack):
    """What each seeded role may do, and the token of a user who has that role alone."""
    shipped = {seed.name for seed in SEEDS}
    # Fuzzing may have made others, which need not name what everybody may do anyway.
    listed = [each for each in stack.call("GET", "/v1/roles?limit=200").body["items"] if each["name"] in shipped]
    assert len(listed) == len(shipped)
    return {role["name"]: (role["permissions"], _token_of(stack, role)) for role in listed}


def _token_of(stack, role):
    name = f"only-{role['id'][-12:]}"
    user = {
        "username": name,
        "name": name,
        "email": f"{name}@example.com",
        "password": "una-frase-larga-y-secreta-7",
        "role_ids": [role["id"]],
    }
    made = stack.call("POST", "/v1/users", user)
    assert made.status == 201, made
    signed_in = {"username": name, "password": user["password"]}
    session = stack.call("POST", "/v1/session", signed_in, token="")
    assert session.status == 201, session
    return session.body["access_token"]


def _held(grants):
    held = {}
    for grant in grants:
        permission, _, scope = grant.rpartition(":")
        held[permission] = scope
    return Actor(permissions=held)


@pytest.mark.parametrize("route", PERMITTED, ids=_name)
def test_each_role_gets_exactly_what_its_permissions_say(stack, roles, route):
    needed = CONTRACTS[route.rpc].permission
    wrong = {}
    for name, (grants, token) in roles.items():
        status = _ask(stack, route, token).status
        may = _held(grants).scope(needed) is not None
        if (status == 403) == may or status in {401, 500, 503, 504}:
            wrong[name] = (status, "may" if may else "may not")
    assert not wrong, f"{needed}: {wrong}"


@pytest.mark.parametrize("route", [r for r in DECLARED if CONTRACTS[r.rpc].needs == ANYONE], ids=_name)
def test_what_anyone_may_do_needs_only_a_sign_in(stack, roles, route):
    if route.method == "DELETE" and route.path == "/v1/session":
        return  # it would sign the roles out
    for _, token in roles.values():
        assert _ask(stack, route, token).status not in {401, 403, 500}


def test_a_scope_of_a_key_narrows_what_its_owner_may_do(stack):
    token = stack.new_token("admin", scopes=["people:read"])
    assert stack.call("GET", "/v1/people", token=token).status == 200
    assert stack.call("GET", "/v1/companies", token=token).status == 403
    assert stack.call("POST", "/v1/people", {}, token=token).status == 403
