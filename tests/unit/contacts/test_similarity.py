"""How alike two names are."""

from hypothesis import given
from hypothesis import strategies as st

from services.contacts.domain.similarity import ALIKE, alike, similarity

# Names are compared in their compare form: single spaces between words, none at the ends.
names = st.text(alphabet="abcdefghij ", max_size=30).map(lambda text: " ".join(text.split()))


@given(names)
def test_a_name_is_wholly_like_itself(name):
    assert similarity(name, name) == 1.0


@given(names, names)
def test_similarity_is_the_same_from_both_sides_and_between_nought_and_one(one, other):
    assert similarity(one, other) == similarity(other, one)
    assert 0.0 <= similarity(one, other) <= 1.0


@given(names, names)
def test_the_quick_answer_agrees_with_the_figure(one, other):
    assert alike(one, other) == (bool(one or other) and similarity(one, other) >= ALIKE)


def test_one_slip_of_the_pen_is_alike_and_another_surname_is_not():
    assert alike("ana garcia lopez", "ana garcia lopes")
    assert alike("garcia lopez ana", "ana garcia lopez")
    assert not alike("ana garcia lopez", "ana garcia perez")
    assert not alike("ana garcia", "luis romero")
