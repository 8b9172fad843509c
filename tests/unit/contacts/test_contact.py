"""What people and companies do by themselves, without a database."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis import clock
from contracts.contacts import ContactCreated, ContactUpdated, EmploymentEnded
from services.contacts.domain.employment import Employment
from services.contacts.domain.reach import EmailAddress, PhoneNumber, PostalAddress, primary_of, with_primary
from services.contacts.domain.sheet import header, row
from services.contacts.errors import EndsBeforeItStarts, TooManyPrimaries
from tests.factories import contacts as make


def test_a_new_contact_tells_its_name_and_nothing_more_personal():
    person = make.person(emails=[EmailAddress(address="ana@acme.example")])

    person.register()

    [(sequence, event)] = person.collect_events()
    assert sequence == 1
    assert isinstance(event, ContactCreated)
    assert "ana@acme.example" not in str(event.encode())


def test_a_change_names_its_fields_and_keeps_their_values_to_itself():
    person = make.person()
    person.register()
    person.collect_events()

    assert person.change({"first_name": "Eva", "salutation": None}) == {"first_name"}

    [(_, event)] = person.collect_events()
    assert isinstance(event, ContactUpdated)
    assert (event.changed, event.display_name) == (["first_name"], "Eva García López")


def test_the_place_of_a_contact_is_that_of_its_primary_address():
    person = make.person(
        addresses=[PostalAddress(city="Vigo"), PostalAddress(city="Lugo", postcode="27001", primary=True)]
    )

    person.register()

    assert (person.city, person.postcode) == ("Lugo", "27001")
    person.change({"addresses": []})
    assert (person.city, person.postcode) == (None, None)


def test_a_fuller_profile_is_more_complete():
    empty, fuller = make.person(country=None), make.person(emails=[EmailAddress(address="ana@acme.example")])
    for person in (empty, fuller):
        person.register()

    assert 0 <= empty.completeness < fuller.completeness < 100


@given(st.lists(st.tuples(st.booleans(), st.booleans()), max_size=6))
def test_among_several_ways_exactly_one_is_primary(marks):
    ways = [PhoneNumber(number=f"+3461234567{place}", primary=p, valid=v) for place, (p, v) in enumerate(marks)]
    if sum(primary for primary, _ in marks) > 1:
        with pytest.raises(TooManyPrimaries):
            with_primary(ways, "phones")
        return
    settled = with_primary(ways, "phones")
    assert sum(way.primary for way in settled) == (1 if ways else 0)
    assert [way.number for way in settled] == [way.number for way in ways]
    assert with_primary(settled, "phones") == settled
    if ways and not any(primary for primary, _ in marks) and any(valid for _, valid in marks):
        assert primary_of(settled).valid


def test_an_employment_ends_once_and_not_before_it_starts():
    employment = Employment(
        person_id=make.person().id, company_id=make.company().id, starts_on=date(2030, 1, 1), primary=True
    )
    with pytest.raises(EndsBeforeItStarts):
        Employment(starts_on=date(2030, 1, 2), ends_on=date(2030, 1, 1)).start()

    employment.end(date(2030, 6, 30))
    employment.end(date(2031, 6, 30))

    [(_, event)] = employment.collect_events()
    assert isinstance(event, EmploymentEnded)
    assert event.ends_on == date(2030, 6, 30)
    assert not employment.primary


@given(st.text(max_size=20))
def test_no_cell_of_a_sheet_can_be_taken_for_a_formula(text):
    with clock.stopped(datetime(2030, 1, 15, tzinfo=UTC)):
        person = make.person(first_name=text)
    cell = dict(zip(header(type(person)), row(person), strict=True))["first_name"]

    assert cell in {text, f"'{text}"}
    assert not cell.startswith(("=", "@", "\t", "\r"))
