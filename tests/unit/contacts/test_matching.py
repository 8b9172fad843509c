"""When two records may be one contact: the rules of the duplicate check, each by its own example."""

from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contacts.domain import matching
from services.contacts.domain.matching import Certainty, Reason
from services.contacts.domain.reach import EmailAddress, PhoneNumber, PostalAddress

ACME = UUID(int=1)


def person(**facts):
    return matching.person_keys(
        **{
            "first_name": "Ana",
            "last_name": "García López",
            "personal_id": None,
            "country": "ES",
            "emails": [],
            "phones": [],
            "addresses": [],
            "company_ids": [],
            **facts,
        }
    )


def company(**facts):
    return matching.company_keys(
        **{
            "name": "Acme, S.L.",
            "tax_id": None,
            "country": "ES",
            "website": None,
            "emails": [],
            "phones": [],
            "addresses": [],
            **facts,
        }
    )


def verdict(mine, theirs):
    """Judge two sets of keys as the database would bring them together: by equal key."""
    other = uuid4()
    common = [(other, key, detail) for key, detail in theirs.items() if key in mine]
    return {(match.certainty, frozenset(match.reasons)) for match in matching.matches(mine, common)}


def email(address, **facts):
    return [EmailAddress(address=address, **facts)]


def phone(number, **facts):
    return [PhoneNumber(number=number, **facts)]


def address(postcode):
    return [PostalAddress(postcode=postcode, country="ES")]


def test_the_same_personal_identifier_is_certain():
    one, other = person(personal_id="12345678Z"), person(personal_id="12345678Z", first_name="Eva")
    assert verdict(one, other) == {(Certainty.CERTAIN, frozenset({Reason.PERSONAL_ID}))}


def test_the_same_identifier_of_another_country_is_nothing():
    assert verdict(person(personal_id="1", country="US"), person(personal_id="1", country="CA")) == set()


def test_the_same_personal_email_and_last_name_is_certain():
    one, other = (
        person(emails=email("ana@acme.example")),
        person(emails=email("ANA+x@acme.example"), last_name="Garcia Lopez"),
    )
    assert verdict(one, other) == {(Certainty.CERTAIN, frozenset({Reason.EMAIL_AND_LAST_NAME}))}


def test_the_same_email_with_another_last_name_is_probable():
    one, other = person(emails=email("ana@acme.example")), person(emails=email("ana@acme.example"), last_name="Ruiz")
    assert verdict(one, other) == {(Certainty.PROBABLE, frozenset({Reason.EMAIL}))}


@pytest.mark.parametrize("shared", [email("info@acme.example"), email("taller2@acme.example", kind="shared")])
def test_a_shared_mailbox_is_never_certain(shared):
    assert verdict(person(emails=shared), person(emails=shared)) == {(Certainty.PROBABLE, frozenset({Reason.EMAIL}))}


def test_two_people_without_last_name_and_one_email_are_probable():
    one = person(emails=email("ana@acme.example"), last_name=None)
    assert verdict(one, one) == {(Certainty.PROBABLE, frozenset({Reason.EMAIL}))}


def test_the_same_mobile_is_probable_and_the_same_landline_is_nothing():
    assert verdict(person(phones=phone("+34612345678")), person(phones=phone("+34612345678"), first_name="Eva")) == {
        (Certainty.PROBABLE, frozenset({Reason.MOBILE}))
    }
    assert (
        verdict(person(phones=phone("+34911234567")), person(phones=phone("+34911234567"), first_name="Eva")) == set()
    )


def test_the_same_name_at_the_same_company_is_probable():
    one, other = person(company_ids=[ACME]), person(company_ids=[ACME], last_name="GARCIA  LÓPEZ")
    assert verdict(one, other) == {(Certainty.PROBABLE, frozenset({Reason.NAME_AND_COMPANY}))}


def test_nearly_the_same_name_in_the_same_postcode_is_probable():
    one, other = person(addresses=address("28001")), person(addresses=address("28 001"), last_name="Garcia Lopes")
    assert verdict(one, other) == {(Certainty.PROBABLE, frozenset({Reason.NAME_AND_POSTCODE}))}


def test_another_name_in_the_same_postcode_is_nothing():
    one, other = person(addresses=address("28001")), person(addresses=address("28001"), last_name="Pérez Gil")
    assert verdict(one, other) == set()


def test_the_same_name_alone_is_nothing():
    assert verdict(person(), person()) == set()


def test_the_same_tax_identifier_and_country_is_certain():
    one, other = company(tax_id="B12345674"), company(tax_id="B12345674", name="Otra, S.A.")
    assert verdict(one, other) == {(Certainty.CERTAIN, frozenset({Reason.TAX_ID}))}


def test_the_same_company_name_and_domain_is_probable():
    one, other = company(website="https://www.acme.example"), company(name="ACME SA", emails=email("info@acme.example"))
    assert verdict(one, other) == {(Certainty.PROBABLE, frozenset({Reason.NAME_AND_DOMAIN}))}


def test_the_same_company_name_at_a_free_mail_provider_is_nothing():
    one = company(emails=email("acme@gmail.com"))
    assert verdict(one, one) == set()


def test_the_same_company_name_and_postcode_is_probable():
    one, other = company(addresses=address("28001")), company(addresses=address("28001"), name="Acme S.A.")
    assert verdict(one, other) == {(Certainty.PROBABLE, frozenset({Reason.NAME_AND_POSTCODE}))}


def test_the_same_main_phone_is_probable_and_a_second_phone_is_nothing():
    main = phone("+34911234567", primary=True)
    second = [*phone("+34911111111", primary=True), *phone("+34911234567")]
    assert verdict(company(phones=main), company(phones=main, name="Otra")) == {
        (Certainty.PROBABLE, frozenset({Reason.PHONE}))
    }
    assert verdict(company(phones=main), company(phones=second, name="Otra")) == set()


def test_certain_matches_come_first():
    mine = person(personal_id="1", phones=phone("+34612345678"))
    theirs = [(UUID(int=9), "p:mobile:+34612345678", ""), (UUID(int=5), "p:id:ES1", "")]
    assert [match.contact_id for match in matching.matches(mine, theirs)] == [UUID(int=5), UUID(int=9)]


@given(st.text(max_size=300), st.text(max_size=300), st.text(max_size=20))
def test_keys_always_fit_their_column(first, last, postcode):
    keys = person(first_name=first, last_name=last, addresses=address(postcode), company_ids=[ACME])
    assert all(len(key) <= 200 and len(detail) <= 200 for key, detail in keys.items())


@given(
    st.lists(st.sampled_from(["ana@acme.example", "info@acme.example", "eva@gmail.com"]), unique=True),
    st.text(max_size=10),
)
def test_who_is_asked_first_does_not_matter(addresses, last):
    one = person(emails=[EmailAddress(address=each) for each in addresses])
    other = person(emails=email("ana@acme.example"), last_name=last)
    assert verdict(one, other) == verdict(other, one)
