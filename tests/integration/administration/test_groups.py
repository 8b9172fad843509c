import pytest


def _permissions(administration, username):
    return set(administration.signed_in(username).permissions) - {
        "api-keys:read",
        "api-keys:write",
        "sessions:read",
        "sessions:write",
        "users:read",
    }


@pytest.fixture
def tree(administration):
    """F1(A) > F2(B) > F3(C), with a user in each; A, B and C are roles that give one permission each."""
    roles = {
        name: administration.role(name, permission)
        for name, permission in {
            "A": "groups:read:all",
            "B": "roles:read:all",
            "C": "fields:read:all",
            "D": "audit:read:all",
            "E": "parameters:read:all",
        }.items()
    }
    f1 = administration.group("F1", roles=[roles["A"]])
    f2 = administration.group("F2", inside=f1, roles=[roles["B"]])
    f3 = administration.group("F3", inside=f2, roles=[roles["C"]])
    for name, group in (("uno", f1), ("dos", f2), ("tres", f3)):
        administration.user(name, group_ids=[group])

    def change(group, **changes):
        version = administration.ask("get_group", group)["version"]
        return administration.ask("update_group", group, data=changes, version=version)

    return {"f1": f1, "f2": f2, "f3": f3, "roles": roles, "change": change}


A, B, C, D, E = "groups:read", "roles:read", "fields:read", "audit:read", "parameters:read"


def test_the_roles_of_the_groups_above_come_down(administration, tree):
    assert _permissions(administration, "tres") == {A, B, C}
    assert _permissions(administration, "dos") == {A, B}
    assert _permissions(administration, "uno") == {A}


def test_a_group_that_stops_inheriting_cuts_those_below_off_too(administration, tree):
    tree["change"](tree["f2"], inherits=False)
    assert _permissions(administration, "tres") == {B, C}


def test_a_group_that_inherits_again_gets_what_was_added_meanwhile(administration, tree):
    tree["change"](tree["f2"], inherits=False)
    tree["change"](tree["f2"], inherits=True)
    tree["change"](tree["f3"], role_ids=[tree["roles"]["C"], tree["roles"]["D"]])
    assert _permissions(administration, "tres") == {A, B, C, D}


def test_a_break_below_leaves_the_groups_above_inheriting(administration, tree):
    tree["change"](tree["f3"], role_ids=[tree["roles"]["C"], tree["roles"]["D"]])
    tree["change"](tree["f3"], inherits=False)
    tree["change"](tree["f1"], role_ids=[tree["roles"]["A"], tree["roles"]["E"]])
    assert _permissions(administration, "tres") == {C, D}
    assert _permissions(administration, "dos") == {A, B, E}


def test_an_identity_says_groups_upwards_and_teams_downwards(administration, tree):
    actor = administration.signed_in("dos")
    f1, f2, f3 = (tree[name] for name in ("f1", "f2", "f3"))
    assert {str(id_) for id_ in actor.groups} == {f1, f2}
    assert {str(id_) for id_ in actor.teams} == {f2, f3}
    assert str(actor.group_id) == f2


def test_a_group_is_never_inside_itself(administration, tree):
    for parent in (tree["f1"], tree["f3"]):
        version = administration.ask("get_group", tree["f1"])["version"]
        refusal = administration.refused("update_group", tree["f1"], data={"parent_id": parent}, version=version)
        assert (refusal.status, refusal.slug) == (409, "group-cycle")


def test_members_are_direct_or_inherited(administration, tree):
    def names(group, **params):
        return [user["username"] for user in administration.ask("list_members", group, params=params)["items"]]

    assert names(tree["f1"]) == ["dos", "tres", "uno"]
    assert names(tree["f1"], directly_in=tree["f1"]) == ["uno"]
    assert names(tree["f3"]) == ["tres"]


def test_members_come_and_go(administration, tree):
    ana = administration.user("ana")
    for _ in range(2):
        assert administration.ask("add_member", tree["f3"], data={"user_id": ana["id"]})["group_ids"] == [tree["f3"]]
    assert _permissions(administration, "ana") == {A, B, C}
    for _ in range(2):
        administration.ask("remove_member", tree["f3"], ana["id"])
    assert _permissions(administration, "ana") == set()
    told = [event for event in administration.service.told() if event.subject == f"users/{ana['id']}"]
    assert [event.data["group_ids"] for event in told] == [[], [tree["f3"]], []]
    assert [event.sequence for event in told] == [1, 2, 3]


def test_only_an_empty_group_is_removed(administration, tree):
    assert administration.refused("delete_group", tree["f1"]).slug == "group-not-empty"
    assert administration.refused("delete_group", tree["f3"]).slug == "group-not-empty"
    empty = administration.group("Vacío", roles=[tree["roles"]["A"]])
    administration.ask("delete_group", empty)
    assert administration.refused("get_group", empty).status == 404
    assert administration.service.told()[-1].data["removed"] is True


def test_a_name_is_taken_once(administration, tree):
    assert administration.refused("create_group", data={"name": "F1"}).slug == "group-name-taken"


def test_moving_a_group_needs_what_its_members_then_get(administration, tree):
    administration.user("ana", role_ids=[administration.role("Grupos", "groups:*:all")])
    ana = administration.signed_in("ana")
    loose = administration.ask("create_group", data={"name": "Suelto"}, by=ana)
    refusal = administration.refused(
        "update_group", loose["id"], data={"parent_id": tree["f2"]}, version=loose["version"], by=ana
    )
    assert refusal.slug == "cannot-grant-more"
    moved = administration.ask(
        "update_group", loose["id"], data={"parent_id": tree["f1"]}, version=loose["version"], by=ana
    )
    assert moved["parent_id"] == tree["f1"]


def test_the_last_administrator_may_stand_in_a_group(administration, tree):
    [admin_role] = administration.ask("get_user", administration.admin_id)["role_ids"]
    group = administration.group("Administración", roles=[admin_role])
    administration.ask("add_member", group, data={"user_id": administration.admin_id})
    administration.change_user(administration.admin_id, role_ids=[])

    assert administration.refused("remove_member", group, administration.admin_id).slug == "last-administrator"
    assert administration.refused("update_group", group, data={"role_ids": []}, version=1).slug == "last-administrator"
