import ast
import importlib
import string

import pytest

from chassis.errors import DomainError
from chassis.words import Worded
from tests.architecture.source import ROOT, modules, name


def _refusals():
    for path in modules("chassis", "services"):
        if "errors" in path.stem or "refusals" in path.stem or "class " in path.read_text(encoding="utf-8"):
            importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"))

    def below(kind):
        for child in kind.__subclasses__():
            yield child
            yield from below(child)

    ours = {kind for kind in below(DomainError) if kind.__module__.split(".")[0] != "tests"}
    return sorted(ours, key=lambda kind: (kind.__module__, kind.__qualname__))


REFUSALS = _refusals()
UNWORDED = {"value", "es", "en"}


def _fields(sentence):
    return {field for _, field, _, _ in string.Formatter().parse(sentence) if field}


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda kind: f"{kind.__module__}.{kind.__qualname__}")
def test_a_refusal_speaks_both_languages(refusal):
    english = (refusal.__doc__ or "").strip().splitlines()[0]
    spanish = vars(refusal).get("es")
    assert english.endswith((".", "}"))
    assert spanish, "write its Spanish sentence"
    assert spanish != english
    assert _fields(english) == _fields(spanish), "both name the same parameters"


@pytest.mark.parametrize(
    "kind", sorted(Worded.__subclasses__(), key=lambda kind: kind.__name__), ids=lambda k: k.__name__
)
def test_each_choice_that_is_read_aloud_has_its_spanish_word(kind):
    assert [member.name for member in kind if not member.es] == []


NAMES = {refusal.__name__ for refusal in REFUSALS}


@pytest.mark.parametrize("path", modules("chassis", "services"), ids=name)
def test_a_refusal_is_given_a_choice_itself_which_knows_its_word_in_both_languages(path):
    calls = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
    named = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id in NAMES]
    given = [(call.lineno, word.arg, word.value) for call in named for word in call.keywords]
    plain = [(line, arg) for line, arg, value in given if isinstance(value, ast.Attribute) and value.attr in UNWORDED]
    assert plain == [], "its value, or its Spanish name, is only one of the two languages"


def test_a_slug_means_one_thing():
    slugs = {}
    for refusal in REFUSALS:
        if "slug" in vars(refusal):
            slugs.setdefault(refusal.slug, []).append(f"{refusal.__module__}.{refusal.__qualname__}")
    assert {slug: owners for slug, owners in slugs.items() if len(owners) > 1} == {}


@pytest.mark.parametrize("path", modules("services"), ids=name)
def test_services_refuse_with_classes_of_their_own(path):
    if path.name != "errors.py":
        text = path.read_text(encoding="utf-8")
        assert "(DomainError)" not in text, "refusals live in errors.py"
