import importlib
import string

import pytest

from chassis.errors import DomainError
from tests.architecture.source import ROOT, modules, name


def _refusals():
    for path in modules("chassis", "services"):
        if "errors" in path.stem or "refusals" in path.stem or "class " in path.read_text(encoding="utf-8"):
            importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"))

    def below(kind):
        for child in kind.__subclasses__():
            yield child
            yield from below(child)

    return sorted(set(below(DomainError)), key=lambda kind: (kind.__module__, kind.__qualname__))


REFUSALS = _refusals()


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
