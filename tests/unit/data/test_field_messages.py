import ast
import re
from pathlib import Path

import pytest
from marshmallow import ValidationError

from chassis.field_messages import _BUILT_IN, SENTENCES, errors_of, sentence, translate

SOURCES = [
    path for path in Path("chassis").rglob("*.py") if "failure(" in path.read_text() or "sentence(" in path.read_text()
]


def said_keys() -> set[str]:
    """Every key that the code names: failure("…"), sentence("…"), say("…"), wrong(pointer, "…"), complaint = "…"."""
    found = set()
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in {
                "failure",
                "sentence",
                "say",
                "wrong",
            }:
                found |= {a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)}
    return found


def test_everything_that_the_code_says_has_its_sentences():
    assert said_keys() - {"en"} <= set(SENTENCES)  # DomainError.sentence("en") asks for a language
    assert len(said_keys()) > 25


@pytest.mark.parametrize("key", SENTENCES)
def test_both_languages_say_the_same_with_the_same_parameters(key):
    en, es = SENTENCES[key]
    assert en != es
    assert set(re.findall(r"{(\w+)}", en)) == set(re.findall(r"{(\w+)}", es))
    assert en[0].isupper() or en.startswith("true")
    assert en.endswith(".")
    assert es.endswith(".")


def test_what_marshmallow_says_itself_is_translated_too():
    for english, key in _BUILT_IN.items():
        assert translate(english, "es") == SENTENCES[key][1]


def test_errors_point_at_the_place_in_the_callers_language():
    error = ValidationError(
        {"emails": {0: {"address": [sentence("email")]}}, "a/b~c": ["Missing data for required field."]}
    )
    assert errors_of(error, "es", prefix="/items/3") == [
        {"pointer": "/items/3/emails/0/address", "detail": "Esto no es una dirección de correo electrónico."},
        {"pointer": "/items/3/a~1b~0c", "detail": "Este campo es obligatorio."},
    ]
    assert errors_of(ValidationError("x"), "en") == [{"pointer": "", "detail": "x"}]
