from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.administration.domain.group_tree import Branch, GroupTree

F1, F2, F3 = (UUID(int=n) for n in (1, 2, 3))
ROLES = {F1: {"A"}, F2: {"B"}, F3: {"C"}}


def _tree(*, f2_inherits=True, f3_inherits=True):
    return GroupTree(
        {
            F1: Branch(),
            F2: Branch(parent_id=F1, inherits=f2_inherits),
            F3: Branch(parent_id=F2, inherits=f3_inherits),
        }
    )


def _roles(tree, group, granted=ROLES):
    return set().union(*(granted[source] for source in tree.role_sources([group])))


def test_roles_come_down_the_tree():
    assert _roles(_tree(), F3) == {"A", "B", "C"}


def test_a_group_that_stops_inheriting_cuts_off_what_is_above_it_for_those_below_too():
    assert _roles(_tree(f2_inherits=False), F3) == {"B", "C"}


def test_a_group_that_resumes_inheriting_gives_everything_back():
    granted = {**ROLES, F3: {"C", "D"}}
    assert _roles(_tree(), F3, granted) == {"A", "B", "C", "D"}


def test_a_break_below_leaves_the_groups_above_as_they_are():
    granted = {F1: {"A", "E"}, F2: {"B"}, F3: {"C", "D"}}
    tree = _tree(f3_inherits=False)
    assert _roles(tree, F3, granted) == {"C", "D"}
    assert _roles(tree, F2, granted) == {"A", "B", "E"}


def test_a_member_belongs_to_the_groups_above_and_sees_the_groups_below():
    tree = _tree()
    assert tree.effective([F2]) == {F1, F2}
    assert tree.teams([F2]) == {F2, F3}


def test_a_manager_sees_down_and_never_sideways():
    top, north, south, city = (UUID(int=n) for n in range(1, 5))
    tree = GroupTree(
        {
            top: Branch(),
            north: Branch(parent_id=top),
            south: Branch(parent_id=top),
            city: Branch(parent_id=north),
        }
    )
    assert tree.teams([top]) == {top, north, south, city}
    assert tree.teams([north]) == {north, city}
    assert south not in tree.teams([city]) | tree.teams([north])


def test_breaking_inheritance_changes_roles_and_not_what_is_seen():
    assert _tree(f2_inherits=False).teams([F1]) == _tree().teams([F1])


@pytest.mark.parametrize(
    ("group", "parent", "cycle"), [(F1, F3, True), (F1, F1, True), (F3, F1, False), (F2, None, False)]
)
def test_a_cycle_is_seen_before_it_is_made(group, parent, cycle):
    assert _tree().would_cycle(group, parent) is cycle


SIZE = 12
MOVES = st.lists(st.tuples(st.integers(0, SIZE - 1), st.none() | st.integers(0, SIZE - 1), st.booleans()), max_size=60)


def _after(moves):
    """Make the moves that are not refused."""
    branches = {UUID(int=n): Branch() for n in range(SIZE)}
    for group, parent, inherits in moves:
        id_, parent_id = UUID(int=group), None if parent is None else UUID(int=parent)
        if not GroupTree(branches).would_cycle(id_, parent_id):
            branches[id_] = Branch(parent_id=parent_id, inherits=inherits)
    return branches


@given(MOVES)
def test_whatever_is_moved_the_groups_stay_a_forest(moves):
    branches = _after(moves)
    for start in branches:
        seen, current = set(), start
        while current is not None:
            assert current not in seen
            seen.add(current)
            current = branches[current].parent_id


@given(MOVES)
def test_above_and_below_are_two_views_of_the_same_tree(moves):
    branches = _after(moves)
    tree = GroupTree(branches)
    for one in branches:
        for other in branches:
            assert (other in tree.effective([one])) == (one in tree.teams([other]))


@given(MOVES)
def test_what_a_role_reaches_is_who_gets_it(moves):
    branches = _after(moves)
    tree = GroupTree(branches)
    for granted_to in branches:
        reached = tree.role_reach(granted_to)
        assert reached == {group for group in branches if granted_to in tree.role_sources([group])}
        assert reached <= tree.teams([granted_to])
