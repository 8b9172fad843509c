from datetime import timedelta
from uuid import UUID

import pytest

from chassis.clock import utc_now
from chassis.context import Actor
from chassis.credentials import is_api_token
from chassis.errors import Refusal
from services.administration.commands.api_keys import expire_api_key
from tests.integration.administration.system import as_system


@pytest.fixture
def ana(administration):
    """Ana, who reads all users and writes roles of her team, signed in."""
    administration.user("ana", role_ids=[administration.role("Ana", "users:read:all", "roles:*:team")])
    return administration.signed_in("ana")


def _key(administration, by, *scopes, **more):
    return administration.ask("create_api_key", data={"name": "script", "scopes": list(scopes), **more}, by=by)


def test_a_token_is_shown_once(administration, ana):
    made = _key(administration, ana, "users:read")
    assert is_api_token(made["token"])
    assert made["token"].split("_")[1] == made["prefix"]
    read = administration.ask("get_api_key", made["id"], by=ana)
    assert "token" not in read
    assert read == {key: value for key, value in made.items() if key != "token"}


def test_the_same_request_again_gets_the_same_token(administration, ana):
    data = {"name": "script", "scopes": ["users:read"]}
    first = administration.service.ask("create_api_key", data=data, by=ana, key="once")
    again = administration.service.ask("create_api_key", data=data, by=ana, key="once")
    assert again.body == first.body
    assert again.headers["x-replayed"] == "true"


def test_a_key_may_do_what_its_scopes_and_its_owner_allow(administration, ana):
    token = _key(administration, ana, "users:read", "roles:read:own")["token"]
    identity = administration.identity(token, "api_key")
    assert identity["permissions"] == {"users:read": "all", "roles:read": "own"}
    assert (identity["kind"], identity["name"], identity["user_id"]) == ("api_key", "Ana (script)", str(ana.user_id))


def test_a_key_loses_what_its_owner_loses(administration, ana):
    token = _key(administration, ana, "*:*")["token"]
    assert "roles:*" in administration.identity(token, "api_key")["permissions"]
    administration.change_user(str(ana.user_id), role_ids=[])
    assert "roles:*" not in administration.identity(token, "api_key")["permissions"]


def test_a_key_cannot_ask_for_more_than_its_owner_has(administration, ana):
    for scope in ("users:write", "roles:read:all", "groups:read"):
        data = {"name": "script", "scopes": ["users:read", scope]}
        refusal = administration.refused("create_api_key", data=data, by=ana)
        assert (refusal.status, refusal.slug) == (403, "scopes-beyond-owner")
        assert scope in refusal.detail


@pytest.mark.parametrize("wrong", ["users", "users:fly", "spaceships:read", "users:read:some", "*:read"])
def test_a_scope_that_does_not_exist_is_named_by_its_place(administration, ana, wrong):
    refusal = administration.refused("create_api_key", data={"name": "x", "scopes": ["users:read", wrong]}, by=ana)
    assert (refusal.slug, refusal.params["errors"][0]["pointer"]) == ("unknown-permission", "/scopes/1")


def test_a_key_makes_no_keys_and_does_not_touch_its_owners_profile(administration, ana):
    token = _key(administration, ana, "*:*")["token"]
    program = Actor.from_dict(administration.identity(token, "api_key"))
    data = {"name": "another", "scopes": ["users:read"]}
    assert administration.refused("create_api_key", data=data, by=program).slug == "needs-a-session"
    assert administration.refused("update_profile", data={"name": "X"}, version=1, by=program).slug == "needs-a-session"
    passwords = {"password": "a", "new_password": "una frase bien larga"}
    assert administration.refused("change_own_password", data=passwords, by=program).slug == "needs-a-session"


def test_everybody_sees_and_revokes_the_own_keys_and_no_others(administration, ana):
    mine = _key(administration, ana, "users:read")
    foreign = _key(administration, administration.admin, "users:read")
    assert [key["id"] for key in administration.ask("list_api_keys", by=ana)["items"]] == [mine["id"]]
    assert administration.refused("revoke_api_key", foreign["id"], by=ana).status == 404

    for _ in range(2):
        administration.ask("revoke_api_key", mine["id"], by=ana)

    with pytest.raises(Refusal, match="sign in again"):
        administration.identity(mine["token"], "api_key")
    told = administration.service.told()[-1]
    assert (told.type, told.data["reason"]) == ("crm.administration.api_key_revoked.v1", "revoked")
    assert {key["id"] for key in administration.ask("list_api_keys")["items"]} == {mine["id"], foreign["id"]}


def test_a_key_expires(administration, ana, noon):
    ends = utc_now() + timedelta(days=1)
    made = _key(administration, ana, "users:read", expires_at=ends.isoformat())
    assert administration.identity(made["token"], "api_key")["expires_at"] == "2030-01-16T12:00:00Z"
    noon.advance(timedelta(days=1))
    with pytest.raises(Refusal, match="sign in again"):
        administration.identity(made["token"], "api_key")

    as_system(administration, expire_api_key, UUID(made["id"]))

    assert administration.ask("get_api_key", made["id"])["revoked_because"] == "expired"
    past = {"name": "x", "scopes": ["users:read"], "expires_at": ends.isoformat()}
    assert administration.refused("create_api_key", data=past, by=ana).slug == "expiry-in-the-past"


def test_the_installation_may_limit_how_long_keys_live(administration, ana, noon):
    administration.ask("set_parameter", "api_key.max_days", data={"value": 30})
    assert _key(administration, ana, "users:read")["expires_at"] == "2030-02-14T12:00:00Z"


def test_the_last_use_is_noted_coarsely(administration, ana, noon):
    made = _key(administration, ana, "users:read")
    administration.identity(made["token"], "api_key")
    noon.advance(timedelta(minutes=4))
    administration.identity(made["token"], "api_key")
    assert administration.ask("get_api_key", made["id"])["last_used_at"] == "2030-01-15T12:00:00Z"
    noon.advance(timedelta(minutes=2))
    administration.identity(made["token"], "api_key")
    read = administration.ask("get_api_key", made["id"])
    assert (read["last_used_at"], read["version"]) == ("2030-01-15T12:06:00Z", made["version"])


def test_a_key_names_its_scopes(administration, ana):
    refusal = administration.refused("create_api_key", data={"name": "x"}, by=ana)
    assert refusal.params["errors"][0]["pointer"] == "/scopes"
