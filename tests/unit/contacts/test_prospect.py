"""What a lead says of somebody fills the blanks of what is on file, and never replaces anything."""

from services.contacts.domain.person import Person
from services.contacts.domain.prospect import completed
from services.contacts.domain.reach import EmailAddress, PhoneNumber


def test_what_is_known_stays_and_what_is_blank_is_filled():
    ana = Person(first_name="Ana", emails=[], phones=[PhoneNumber(number="+34911234567")], country="ES")
    mail = [EmailAddress(address="a@b.es")]

    patch, kept = completed(
        ana,
        {
            "first_name": "ANA",
            "last_name": "García",
            "emails": mail,
            "phones": [PhoneNumber(number="+34910000000")],
            "country": "ES",
            "job_title": "",
        },
    )

    assert patch == {"last_name": "García", "emails": mail}
    assert kept == ["phones"]


def test_the_same_address_written_otherwise_says_the_same():
    ana = Person(first_name="Ana", emails=[EmailAddress(address="Ana@Acme.es", kind="home", primary=True)], phones=[])

    assert completed(ana, {"emails": [EmailAddress(address="ana@acme.es")]}) == ({}, [])
