"""Which language a browser asks for."""

import pytest

from chassis import i18n


@pytest.mark.parametrize(
    ("header", "locale"),
    [
        (None, "es"),
        ("", "es"),
        ("en", "en"),
        ("en-GB,en;q=0.9,es;q=0.8", "en"),
        ("es-MX", "es"),
        ("ca,en;q=0.5,es;q=0.7", "es"),
        ("fr, de", "es"),
        ("en;q=0, *", "es"),
        ("fr;q=0.9, en;q=0.1", "en"),
        ("en;q=nonsense", "es"),
        (";;,,;q=", "es"),
        ("EN_us", "en"),
    ],
)
def test_the_best_liked_known_language_wins(header, locale):
    assert i18n.negotiate(header) == locale


def test_a_star_means_the_default():
    assert i18n.negotiate("*", default="en") == "en"


def test_a_sentence_is_chosen_by_the_persons_locale():
    sentences = {"en": "Yes.", "es": "Sí."}
    assert i18n.choose(sentences, "es-AR") == "Sí."
    assert i18n.choose(sentences, "fr") == "Yes."
    assert i18n.choose(sentences, None) == "Yes."
