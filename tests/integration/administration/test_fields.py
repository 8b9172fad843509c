import pytest

LABELS = {"es": "Color favorito", "en": "Favourite colour"}
OPTIONS = [
    {"value": "red", "labels": {"es": "Rojo", "en": "Red"}},
    {"value": "blue", "labels": {"es": "Azul", "en": "Blue"}},
]
CHOICE = {
    "resource": "users",
    "name": "favourite_colour",
    "kind": "choice",
    "labels": LABELS,
    "options": OPTIONS,
    "default": "red",
}


def _deliver_all(administration):
    """Give the service its own events, as the broker would."""
    administration.service.deliver(*[event for event in administration.service.told() if "custom_field" in event.type])


def test_a_field_is_defined_and_told_whole(administration):
    made = administration.ask("create_field", data=CHOICE)
    assert (made["resource"], made["name"], made["kind"], made["default"]) == (
        "users",
        "favourite_colour",
        "choice",
        "red",
    )
    assert administration.ask("get_field", made["id"]) == made
    told = administration.service.told()[-1]
    assert told.type == "crm.administration.custom_field_defined.v1"
    assert told.data == {**CHOICE, "field_id": made["id"], "required": False}


def test_a_field_of_users_is_there_at_the_next_user(administration):
    administration.ask("create_field", data=CHOICE)
    _deliver_all(administration)
    assert administration.user("ana")["custom"] == {"favourite_colour": "red"}
    assert administration.user("luis", custom={"favourite_colour": "blue"})["custom"] == {"favourite_colour": "blue"}
    data = {"username": "eva", "name": "Eva", "custom": {"favourite_colour": "green"}}
    refusal = administration.refused("create_user", data=data)
    assert refusal.params["errors"][0]["pointer"] == "/custom/favourite_colour"


def test_a_retired_field_is_offered_no_longer_and_its_values_stay(administration):
    field = administration.ask("create_field", data=CHOICE)
    _deliver_all(administration)
    ana = administration.user("ana")
    for _ in range(2):
        assert administration.ask("retire_field", field["id"])["retired_at"] is not None
    _deliver_all(administration)

    assert administration.user("luis")["custom"] == {}
    assert administration.change_user(ana["id"], name="Ana María")["custom"] == {"favourite_colour": "red"}

    assert administration.ask("restore_field", field["id"])["retired_at"] is None
    assert administration.service.told()[-1].type == "crm.administration.custom_field_defined.v1"


def test_labels_and_options_change_and_the_rest_never(administration):
    field = administration.ask("create_field", data=CHOICE)
    more = [*OPTIONS, {"value": "green", "labels": {"es": "Verde", "en": "Green"}}]
    changed = administration.ask("update_field", field["id"], data={"options": more, "required": True}, version=1)
    assert [option["value"] for option in changed["options"]] == ["red", "blue", "green"]
    assert administration.service.told()[-1].type == "crm.administration.custom_field_changed.v1"
    for change in ({"name": "other"}, {"kind": "text"}, {"resource": "groups"}):
        refusal = administration.refused("update_field", field["id"], data=change, version=changed["version"])
        [name] = change
        assert (refusal.slug, refusal.params["errors"][0]["pointer"]) == ("field-definition-invalid", f"/{name}")


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"resource": "spaceships"}, "/resource"),
        ({"name": "Not Good"}, "/name"),
        ({"kind": "colour"}, "/kind"),
        ({"options": []}, "/options"),
        ({"options": [OPTIONS[0], OPTIONS[0]]}, "/options"),
        ({"kind": "text", "default": None}, "/options"),
        ({"default": "green"}, "/default"),
        ({"kind": "integer", "options": [], "default": "many"}, "/default"),
        ({"labels": {"es": "Solo español"}}, "/labels/en"),
    ],
)
def test_a_definition_that_makes_no_sense_is_refused(administration, change, pointer):
    refusal = administration.refused("create_field", data={**CHOICE, **change})
    assert refusal.status == 422
    assert pointer in {error["pointer"] for error in refusal.params["errors"]}


def test_a_name_is_taken_once_in_a_resource(administration):
    administration.ask("create_field", data=CHOICE)
    assert administration.refused("create_field", data=CHOICE).slug == "field-name-taken"
    administration.ask("create_field", data={**CHOICE, "resource": "groups"})
    listed = administration.ask("list_fields", params={"resource": "groups"})["items"]
    assert [field["resource"] for field in listed] == ["groups"]
