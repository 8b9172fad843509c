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
