from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from contracts.administration import CustomFieldDefined, CustomFieldRetired, UserDeactivated
from tests.factories import contacts as make
from tests.kit.service import somebody


@pytest.fixture
def shoe_size(contacts):
    event = CustomFieldDefined(
        field_id=uuid4(),
        resource="people",
        name="shoe_size",
        kind="integer",
        required=False,
        options=[],
        labels={"en": "Shoe size", "es": "Talla de zapato"},
        default=None,
    )
    contacts.tell(event, subject=f"fields/{event.field_id}")
    return event


def test_a_field_that_the_installation_added_is_kept_and_checked(contacts, shoe_size):
    person = contacts.ask("create_person", data=make.person_data(custom={"shoe_size": 38})).body

    assert person["custom"] == {"shoe_size": 38}
    refusal = contacts.refused("create_person", data=make.person_data(custom={"shoe_size": "big"}))
    assert refusal.params["errors"][0]["pointer"] == "/custom/shoe_size"
    assert contacts.refused("create_person", data=make.person_data(custom={"hat_size": 1})).status == 422
    assert contacts.refused("create_company", data=make.company_data(custom={"shoe_size": 1})).status == 422


def test_people_are_found_by_a_field_that_the_installation_added(contacts, shoe_size):
    person = contacts.ask("create_person", data=make.person_data(custom={"shoe_size": 38})).body

    assert contacts.ask("list_people", params={"custom.shoe_size": "38"}).body["items"][0]["id"] == person["id"]
    assert contacts.ask("list_people", params={"custom.shoe_size_gt": "38"}).body["items"] == []


def test_a_retired_field_keeps_what_was_filled_in(contacts, shoe_size):
    person = contacts.ask("create_person", data=make.person_data(custom={"shoe_size": 38})).body
    retired = CustomFieldRetired(field_id=shoe_size.field_id, resource="people", name="shoe_size")
    contacts.tell(retired, subject=f"fields/{shoe_size.field_id}", sequence=2)

    assert contacts.ask("get_person", person["id"]).body["custom"] == {"shoe_size": 38}


def test_the_contacts_of_somebody_who_left_belong_to_whoever_was_named(contacts):
    ana, eva = somebody("Ana"), somebody("Eva", people_read="own")
    person = contacts.ask("create_person", data=make.person_data(), by=ana).body
    assert contacts.refused("get_person", person["id"], by=eva).status == 404

    event = UserDeactivated(user_id=ana.user_id, handover_to=eva.user_id, deactivated_at=datetime.now(UTC))
    contacts.tell(event, subject=f"users/{ana.user_id}")

    shown = contacts.ask("get_person", person["id"], by=eva)
    assert UUID(shown.body["owner_id"]) == eva.user_id
    assert shown.headers["x-etag"] == "2"
