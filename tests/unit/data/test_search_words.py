import pytest

from chassis.db.search import normalise
from chassis.db.search_spelling import distance


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("José María  MUÑOZ-García", "jose maria munoz garcia"),
        ("Straße Øresund Łódź", "strasse oresund lodz"),
        ("ana@example.com +34 911", "ana example com 34 911"),
        ("ﬁn ½", "fin 1 2"),
        ("Ελλάδα 東京", "ελλαδα 東京"),
        ("", ""),
        ("¡!_", ""),
    ],
)
def test_words_are_compared_without_case_and_accents(text, words):
    assert normalise(text) == words


@pytest.mark.parametrize(
    ("left", "right", "steps"),
    [
        ("garcia", "garcia", 0),
        ("grcia", "garcia", 1),
        ("gracia", "garcia", 1),
        ("gonzales", "gonzalez", 1),
        ("abcd", "wxyz", 9),
        ("ab", "abcdef", 9),
    ],
)
def test_slips_are_counted(left, right, steps):
    assert distance(left, right) == distance(right, left) == steps
