import pytest


def test_a_parameter_has_its_default_until_it_is_set(administration):
    listed = {item["key"]: item for item in administration.ask("list_parameters")["items"]}
    length = listed["password.min_length"]
    assert (length["value"], length["is_default"], length["version"]) == (10, True, 0)
    assert (length["minimum"], length["maximum"], length["kind"]) == (8, 64, "integer")
    assert length["description"].startswith("The fewest")
    spanish = administration.ask("get_parameter", "password.min_length", locale="es")
    assert spanish["description"].startswith("El mínimo")


def test_a_new_value_holds_at_once_and_its_history_is_kept(administration):
    before = administration.ask("get_parameter", "password.min_length")
    changed = administration.ask("set_parameter", "password.min_length", data={"value": 20}, version=before["version"])
    assert (changed["value"], changed["is_default"], changed["version"] > 0) == (20, False, True)
    refusal = administration.refused(
        "create_user", data={"username": "ana", "name": "Ana", "password": "x-y-z-1-2-3-4-5"}
    )
    assert refusal.params["errors"][0]["detail"] == "Use at least 20 characters."

    administration.ask("set_parameter", "password.min_length", data={"value": 12})
    reset = administration.ask("reset_parameter", "password.min_length")
    assert (reset["value"], reset["is_default"]) == (10, True)

    history = administration.ask("list_parameter_changes", params={"key": "password.min_length"})["items"]
    assert [(line["old"], line["new"]) for line in history] == [(12, 10), (20, 12), (10, 20)]
    assert {line["actor_name"] for line in history} == {"Administradora"}
    told = [event.data for event in administration.service.told() if "parameter_changed" in event.type]
    assert [(data["key"], data["old"], data["value"]) for data in told] == [
        ("password.min_length", 10, 20),
        ("password.min_length", 20, 12),
        ("password.min_length", 12, 10),
    ]


def test_setting_the_same_value_again_tells_nothing(administration):
    for _ in range(2):
        administration.ask("set_parameter", "organisation.name", data={"value": "Aceros del Norte"})
    told = [event for event in administration.service.told() if "parameter_changed" in event.type]
    assert len(told) == 1


@pytest.mark.parametrize(
    ("key", "value"), [("password.min_length", 3), ("password.min_length", "12"), ("organisation.currency", "euro")]
)
def test_a_value_that_does_not_fit_is_refused(administration, key, value):
    refusal = administration.refused("set_parameter", key, data={"value": value})
    assert (refusal.status, refusal.slug) == (422, "parameter-invalid")
    assert refusal.params["errors"][0]["pointer"] == "/value"


def test_a_parameter_that_does_not_exist_is_not_found(administration):
    assert administration.refused("get_parameter", "nothing.here").status == 404
    assert administration.refused("set_parameter", "nothing.here", data={"value": 1}).status == 404


def test_two_who_change_the_same_version_do_not_overwrite_each_other(administration):
    administration.ask("set_parameter", "organisation.name", data={"value": "Uno"}, version=0)
    refusal = administration.refused("set_parameter", "organisation.name", data={"value": "Dos"}, version=0)
    assert refusal.slug == "version-conflict"
    assert administration.ask("get_parameter", "organisation.name")["value"] == "Uno"
