import pytest

from chassis.parameters import Parameter
from contracts import parameters
from services.administration.domain.parameter_catalogue import CATALOGUE, Declaration


@pytest.mark.parametrize("declared", CATALOGUE.values(), ids=lambda declared: declared.key)
def test_a_parameter_is_described_in_both_languages_and_its_default_is_valid(declared):
    assert declared.en.endswith(".")
    assert declared.es.endswith(".")
    assert declared.en != declared.es
    assert declared.problem(declared.default) is None


@pytest.mark.parametrize(
    "parameter", [each for each in vars(parameters).values() if isinstance(each, Parameter)], ids=lambda each: each.key
)
def test_what_other_services_follow_is_in_the_catalogue_with_the_default_that_they_know(parameter):
    assert CATALOGUE[parameter.key].default == parameter.default


@pytest.mark.parametrize("value", [7, 65, "12", 12.5, True, None])
def test_a_number_stays_within_its_bounds(value):
    assert CATALOGUE["password.min_length"].problem(value)


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [("flag", True, "yes"), ("document", {"a": [1]}, [1]), ("text", "hola", 3), ("choice", "a", "z")],
)
def test_each_kind_takes_its_own_values(kind, good, bad):
    declared = Declaration(key="k", kind=kind, default=good, en="E.", es="S.", options=("a", "b"))
    assert declared.problem(good) is None
    assert declared.problem(bad)


def test_a_text_has_the_form_it_must_have():
    assert CATALOGUE["organisation.currency"].problem("USD") is None
    assert CATALOGUE["organisation.currency"].problem("dollars")
