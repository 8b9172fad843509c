import pytest

from services.administration.commands.roles import seed_roles
from services.administration.domain.seeded_roles import SEEDS
from tests.integration.administration.system import as_system


def test_the_products_roles_are_there(administration):
    roles = {role["name"]: role for role in administration.ask("list_roles")["items"]}
    assert set(roles) == {seed.name for seed in SEEDS}
    assert all(role["seeded"] for role in roles.values())
    assert roles["administrator"]["permissions"] == ["*:*:all"]
    assert "users:*:all" in roles["platform-administrator"]["permissions"]


def test_seeding_again_changes_nothing_and_respects_what_was_taken_away(administration):
    [support] = [role for role in administration.ask("list_roles")["items"] if role["name"] == "support"]
    data = {"permissions": ["users:read:own"]}
    administration.ask("update_role", support["id"], data=data, version=support["version"])
    before = len(administration.service.told())

    as_system(administration, seed_roles)

    assert administration.ask("get_role", support["id"])["permissions"] == ["users:read:own"]
    assert len(administration.service.told()) == before


def test_permissions_are_kept_in_their_shortest_form(administration):
    data = {"name": "Doble", "permissions": ["users:read:own", "users:read:all", "groups:*:team"]}
    assert administration.ask("create_role", data=data)["permissions"] == ["groups:*:team", "users:read:all"]


@pytest.mark.parametrize(
    "wrong", ["users:read", "users:fly:all", "spaceships:read:all", "spaceships:*:all", "*:read:all"]
)
def test_a_permission_that_does_not_exist_is_named_by_its_place(administration, wrong):
    refusal = administration.refused("create_role", data={"name": "X", "permissions": ["users:read:all", wrong]})
    assert (refusal.status, refusal.slug) == (422, "unknown-permission")
    assert refusal.params["errors"][0]["pointer"] == "/permissions/1"


def test_every_permission_that_exists_is_listed(administration):
    listed = administration.ask("list_permissions")
    assert listed["next_cursor"] is None
    assert {"name": "users:read", "resource": "users", "action": "read"} in listed["items"]


def test_what_a_role_gives_changes_at_once(administration):
    role = administration.role("Lectora", "users:read:all")
    administration.user("ana", role_ids=[role])
    secret = administration.log_in("ana")["secret"]
    assert administration.identity(secret)["permissions"]["users:read"] == "all"

    administration.ask("update_role", role, data={"permissions": ["users:read:team"]}, version=1)

    assert administration.identity(secret)["permissions"]["users:read"] == "team"
    assert administration.service.told()[-1].type == "crm.administration.role_changed.v1"


def test_nobody_writes_more_into_a_role_than_he_has(administration):
    administration.user("ana", role_ids=[administration.role("Roles", "roles:*:all", "users:read:team")])
    ana = administration.signed_in("ana")
    role = administration.ask("create_role", data={"name": "Bien", "permissions": ["users:read:own"]}, by=ana)
    for more in ("users:read:all", "users:write:own", "*:*:own"):
        data = {"permissions": [*role["permissions"], more]}
        refusal = administration.refused("update_role", role["id"], data=data, version=role["version"], by=ana)
        assert refusal.slug == "cannot-grant-more"


def test_a_role_in_use_stays(administration):
    role = administration.role("Usada", "users:read:all")
    ana = administration.user("ana", role_ids=[role])
    assert administration.refused("delete_role", role).slug == "role-in-use"
    administration.change_user(ana["id"], role_ids=[])
    administration.ask("delete_role", role)
    assert administration.refused("get_role", role).status == 404


def test_the_role_of_the_last_administrator_keeps_its_power(administration):
    [role] = administration.ask("get_user", administration.admin_id)["role_ids"]
    version = administration.ask("get_role", role)["version"]
    refusal = administration.refused("update_role", role, data={"permissions": ["users:*:all"]}, version=version)
    assert refusal.slug == "last-administrator"


def test_a_name_is_taken_once(administration):
    administration.role("Una", "users:read:all")
    assert administration.refused("create_role", data={"name": "Una", "permissions": []}).slug == "role-name-taken"


def test_a_role_may_give_nothing_yet(administration):
    assert administration.ask("create_role", data={"name": "Vacío"})["permissions"] == []
