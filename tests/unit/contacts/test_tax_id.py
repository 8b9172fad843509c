"""Tax identifiers and their check digits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.es import cif, dni

from services.contacts.domain.tax_id import normal_tax_id
from services.contacts.errors import TaxIdIsWrong


@pytest.mark.parametrize("written", ["B12345674", "b-12345674", "ES B12345674", "ESB-12.345.674"])
def test_punctuation_case_and_country_prefix_do_not_matter(written):
    assert normal_tax_id(written, "ES") == "B12345674"


@pytest.mark.parametrize(
    ("number", "country"),
    [
        ("12345678Z", "ES"),
        ("X1234567L", "ES"),
        ("40303265045", "FR"),
        ("501964843", "PT"),
        ("136695976", "DE"),
        ("094259216", "GR"),
    ],
)
def test_numbers_of_known_countries_are_accepted(number, country):
    assert normal_tax_id(number, country) == number


@pytest.mark.parametrize(
    ("number", "country"), [("B12345675", "ES"), ("12345678A", "ES"), ("501964844", "PT"), ("", "ES")]
)
def test_a_wrong_check_digit_is_refused_naming_number_and_country(number, country):
    with pytest.raises(TaxIdIsWrong) as refusal:
        normal_tax_id(number, country)

    assert refusal.value.status == 422
    assert refusal.value.params == {"number": number, "country": country}


def test_numbers_of_countries_without_known_check_digits_are_only_tidied():
    assert normal_tax_id("12-3456 789", "US") == "123456789"


@given(st.from_regex(r"[AB][0-9]{7}", fullmatch=True))
def test_every_right_cif_is_its_own_normal_form(start):
    number = start + cif.calc_check_digits(start)[0]

    assert normal_tax_id(number.lower(), "ES") == number


@given(st.from_regex(r"[0-9]{8}", fullmatch=True))
def test_only_one_letter_is_right_for_a_dni(digits):
    right = dni.calc_check_digit(digits)
    for letter in "TRWAGMYFPDXBNJZSQVHLCKE":
        if letter != right:
            with pytest.raises(TaxIdIsWrong):
                normal_tax_id(digits + letter, "ES")
