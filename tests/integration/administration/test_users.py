import pytest

from chassis.context import SYSTEM, Actor
from tests.factories.administration import PASSWORD


def test_a_user_is_created_with_groups_and_roles(administration):
    group = administration.group("Ventas")
    role = administration.role("Lector de usuarios", "users:read:all")

    made = administration.user("Ana", email="ana@Example.com", group_ids=[group], role_ids=[role])

    assert made["username"] == "ana"
    assert made["email"] == "ana@example.com"
    assert (made["group_ids"], made["group_id"], made["role_ids"]) == ([group], group, [role])
    assert (made["active"], made["must_change_password"], made["locale"]) == (True, False, "es")
    assert not {"password", "password_hash", "owner_id"} & made.keys()


def test_a_user_name_is_taken_once(administration):
    administration.user("ana")
    refusal = administration.refused("create_user", data={"username": "ANA", "name": "Otra Ana"})
    assert (refusal.status, refusal.slug) == (409, "username-taken")


@pytest.mark.parametrize("username", ["a b", "-ana", "añà", "", "x"])
def test_a_user_name_of_another_form_is_refused(administration, username):
    refusal = administration.refused("create_user", data={"username": username, "name": "X"})
    assert refusal.params["errors"][0]["pointer"] == "/username"


def test_a_weak_password_is_refused_with_every_reason_in_the_callers_language(administration):
    data = {"username": "ana", "name": "Ana", "password": "ana"}
    refusal = administration.refused("create_user", data=data, locale="es")
    assert (refusal.status, refusal.slug) == (422, "password-refused")
    assert [error["pointer"] for error in refusal.params["errors"]] == ["/password"] * 3
    assert refusal.params["errors"][0]["detail"] == "Use al menos 10 caracteres."


def test_an_unknown_group_is_named_by_its_place(administration):
    group = administration.group("Ventas")
    data = {"username": "ana", "name": "Ana", "group_ids": [group, administration.admin_id]}
    refusal = administration.refused("create_user", data=data)
    assert (refusal.slug, refusal.params["errors"][0]["pointer"]) == ("unknown-reference", "/group_ids/1")


def test_a_change_needs_the_version_and_tells_the_whole_card(administration):
    ana = administration.user("ana")
    assert administration.refused("update_user", ana["id"], data={"name": "Ana B"}).status == 428
    assert administration.refused("update_user", ana["id"], data={"name": "Ana B"}, version=9).status == 412

    changed = administration.change_user(ana["id"], name="Ana B", locale="en")

    assert (changed["name"], changed["locale"], changed["version"]) == ("Ana B", "en", ana["version"] + 1)
    told = administration.service.told()[-1]
    assert (told.type, told.data["name"], told.data["active"]) == ("crm.administration.user_changed.v1", "Ana B", True)
    assert told.subject == f"users/{ana['id']}"


def test_a_change_that_changes_nothing_tells_nothing(administration):
    ana = administration.user("ana")
    before = len(administration.service.told())
    administration.change_user(ana["id"], name=ana["name"])
    assert len(administration.service.told()) == before


def test_the_primary_group_is_one_of_the_users_groups(administration):
    north, south = administration.group("Norte"), administration.group("Sur")
    ana = administration.user("ana", group_ids=[north, south], group_id=south)
    assert ana["group_id"] == south

    assert administration.change_user(ana["id"], group_ids=[north])["group_id"] == north
    assert administration.change_user(ana["id"], group_ids=[])["group_id"] is None


def test_leaving_ends_sessions_and_keys_and_names_who_takes_over(administration):
    ana = administration.user("ana", role_ids=[administration.role("Lectora", "users:read:all")])
    secret = administration.log_in("ana")["secret"]
    actor = administration.signed_in("ana")
    key = administration.ask("create_api_key", data={"name": "script", "scopes": ["users:read"]}, by=actor)

    left = administration.ask("deactivate_user", ana["id"], data={"handover_to": administration.admin_id})

    assert left["active"] is False
    types = [event.type.split(".")[2] for event in administration.service.told()]
    assert types.count("session_ended") == 2
    assert {"user_deactivated", "api_key_revoked", "user_changed"} <= set(types)
    [told] = [event for event in administration.service.told() if "user_deactivated" in event.type]
    assert told.data["handover_to"] == administration.admin_id
    for credential, kind in ((secret, "session"), (key["token"], "api_key")):
        with pytest.raises(Exception, match="sign in again"):
            administration.identity(credential, kind)
    with pytest.raises(Exception, match="not right"):
        administration.log_in("ana")


def test_rows_are_handed_over_to_an_active_other_user_only(administration):
    ana, luis = administration.user("ana"), administration.user("luis")
    administration.ask("deactivate_user", luis["id"], data={})
    for target in (ana["id"], luis["id"], "018f2f3e-0000-7000-8000-000000000000"):
        refusal = administration.refused("deactivate_user", ana["id"], data={"handover_to": target})
        assert refusal.slug == "handover-refused"
    assert administration.refused("deactivate_user", luis["id"], data={}).slug == "user-is-deactivated"


def test_a_user_who_comes_back_logs_in_again(administration):
    ana = administration.user("ana")
    administration.ask("deactivate_user", ana["id"], data={})
    assert administration.ask("reactivate_user", ana["id"])["active"] is True
    assert administration.log_in("ana")["user"]["username"] == "ana"


def test_the_last_administrator_stays(administration):
    admin = administration.ask("get_user", administration.admin_id)
    refusal = administration.refused("deactivate_user", admin["id"], data={}, by=SYSTEM)
    assert (refusal.status, refusal.slug) == (409, "last-administrator")
    refusal = administration.refused("update_user", admin["id"], data={"role_ids": []}, version=admin["version"])
    assert refusal.slug == "last-administrator"
    assert administration.ask("get_user", admin["id"])["role_ids"] == admin["role_ids"]

    administration.user("segunda", role_ids=admin["role_ids"])
    assert administration.ask("deactivate_user", admin["id"], data={}, by=SYSTEM)["active"] is False


def test_the_own_profile_is_everybodys_and_power_is_not(administration):
    administration.user("ana")
    ana = administration.signed_in("ana")
    user = administration.ask("who_am_i", by=ana)["user"]

    changed = administration.ask(
        "update_profile", data={"locale": "en", "name": "Ana María"}, by=ana, version=user["version"]
    )

    assert (changed["locale"], changed["name"]) == ("en", "Ana María")
    refusal = administration.refused("update_profile", data={"role_ids": []}, by=ana, version=changed["version"])
    assert refusal.params["errors"][0]["pointer"] == "/role_ids"
    assert administration.refused("list_groups", by=ana).slug == "permission-denied"
    assert [found["id"] for found in administration.ask("list_users", by=ana)["items"]] == [user["id"]]


def test_somebody_who_may_only_write_the_own_row_edits_no_power(administration):
    ana = administration.user("ana", role_ids=[administration.role("Propio", "users:write:own")])
    actor = administration.signed_in("ana")
    other = administration.user("luis")
    assert administration.refused("update_user", other["id"], data={"name": "X"}, version=1, by=actor).status == 404
    for change in ({"username": "root"}, {"role_ids": []}, {"group_ids": []}, {"must_change_password": False}):
        refusal = administration.refused("update_user", ana["id"], data=change, version=1, by=actor)
        assert refusal.slug == "only-own-profile"
    assert (
        administration.refused("create_user", data={"username": "nuevo", "name": "N"}, by=actor).slug
        == "only-own-profile"
    )
    assert administration.refused("deactivate_user", ana["id"], data={}, by=actor).slug == "only-own-profile"


def test_nobody_gives_more_than_he_has(administration):
    strong = administration.role("Fuerte", "roles:write:all")
    administration.user("ana", role_ids=[administration.role("Altas", "users:*:all")])
    ana = administration.signed_in("ana")

    data = {"username": "nuevo", "name": "Nuevo", "role_ids": [strong]}
    refusal = administration.refused("create_user", data=data, by=ana)
    assert (refusal.status, refusal.slug) == (403, "cannot-grant-more")
    assert "roles:write:all" in refusal.detail

    group = administration.group("Con poder", roles=[strong])
    data = {"username": "nuevo", "name": "Nuevo", "group_ids": [group]}
    assert administration.refused("create_user", data=data, by=ana).slug == "cannot-grant-more"


def test_nobody_takes_over_a_user_who_may_do_more(administration):
    administration.user("ana", role_ids=[administration.role("Altas", "users:*:all")])
    ana = administration.signed_in("ana")
    admin = administration.admin_id
    assert (
        administration.refused("set_password", admin, data={"password": PASSWORD}, by=ana).slug == "cannot-grant-more"
    )
    assert administration.refused("deactivate_user", admin, data={}, by=ana).slug == "cannot-grant-more"
    assert (
        administration.refused("update_user", admin, data={"email": "x@example.com"}, version=1, by=ana).slug
        == "cannot-grant-more"
    )


def test_a_supervisor_of_users_stays_within_the_own_tree(administration):
    top = administration.group("Ventas")
    below, beside = administration.group("Norte", inside=top), administration.group("Soporte")
    role = administration.role("Jefa", "users:*:team", "groups:read:all")
    administration.user("marta", group_ids=[top], role_ids=[role])
    marta = administration.signed_in("marta")
    inside = administration.user("ana", group_ids=[below])
    outside = administration.user("luis", group_ids=[beside])

    seen = {user["username"] for user in administration.ask("list_users", by=marta)["items"]}
    assert seen == {"marta", "ana"}
    assert administration.refused("get_user", outside["id"], by=marta).status == 404
    assert administration.ask("get_user", inside["id"], by=marta)["username"] == "ana"
    for groups in ([beside], []):
        data = {"username": "nuevo", "name": "Nuevo", "group_ids": groups}
        assert administration.refused("create_user", data=data, by=marta).slug == "group-out-of-reach"
    made = administration.ask(
        "create_user", data={"username": "nuevo", "name": "Nuevo", "group_ids": [below]}, by=marta
    )
    assert made["group_id"] == below


def test_users_are_found_by_words_groups_and_roles(administration):
    top = administration.group("Ventas")
    below = administration.group("Norte", inside=top)
    role = administration.role("Lectora", "users:read:all")
    administration.user("ana", name="Ana Peñalver", group_ids=[below], role_ids=[role])
    administration.user("luis", group_ids=[top])

    def names(**params):
        return [user["username"] for user in administration.ask("list_users", params=params)["items"]]

    assert names(q="penalver") == ["ana"]
    assert names(member_of=top) == ["ana", "luis"]
    assert names(directly_in=top) == ["luis"]
    assert names(role_id=role) == ["ana"]
    assert names(username="luis") == ["luis"]


def test_only_the_system_makes_the_first_administrator_and_only_once(administration):
    data = {"username": "otro", "name": "Otro", "password": PASSWORD}
    assert administration.refused("create_first_administrator", data=data, by=SYSTEM).slug == "administrator-exists"
    assert administration.refused("create_first_administrator", data=data).status == 403
    assert administration.refused("create_first_administrator", data=data, by=Actor(kind="anonymous")).status == 401
