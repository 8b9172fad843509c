"""How names are brought to one form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contacts.domain.naming import company_compare_name, compare_form, person_compare_name


@pytest.mark.parametrize(
    ("written", "compared"),
    [
        ("José-María Núñez", "jose maria nunez"),
        ("  ANA   o'Neill ", "ana oneill"),
        ("\uff26\uff55\uff4c\uff4c\u3000width", "full width"),
        ("Søren Łukasz Æbler", "soren lukasz aebler"),
        ("Straße", "strasse"),
    ],
)
def test_accents_case_and_punctuation_do_not_matter(written, compared):
    assert compare_form(written) == compared


@pytest.mark.parametrize(
    "written",
    ["Acme, S.L.", "ACME SL", "Acme S. L.", "acme s.l.u.", "Acme, S.A.", "Acme Sociedad Limitada", "Acme Ltd."],
)
def test_the_legal_form_of_a_company_does_not_matter(written):
    assert company_compare_name(written) == "acme"


def test_a_company_that_is_called_like_a_legal_form_keeps_its_name():
    assert company_compare_name("SA") == "sa"
    assert company_compare_name("Sociedad Limitada, S.L.") != ""


def test_a_person_without_last_name_is_compared_by_the_first():
    assert person_compare_name("Cher", None) == "cher"


@given(st.text(max_size=60))
def test_a_compared_name_is_already_in_its_compare_form(text):
    assert compare_form(compare_form(text)) == compare_form(text)
    assert company_compare_name(company_compare_name(text)) == company_compare_name(text)


@given(st.text(max_size=60))
def test_upper_and_lower_case_of_plain_letters_compare_equal(text):
    plain = "".join(sign for sign in text if sign.isascii())
    assert compare_form(plain.upper()) == compare_form(plain.lower())
