import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.context import WIDTH, Actor
from services.administration.domain import access, permissions

SCOPES = ["own", "team", "all"]
NAMES = ["*:*", "people:*", "people:read", "people:write", "leads:*", "leads:read"]
GRANTS = st.dictionaries(st.sampled_from(NAMES), st.sampled_from(SCOPES))
CONCRETE = ["people:read", "people:write", "leads:read", "cases:read"]


def _reach(grants, name):
    return WIDTH.get(Actor(permissions=grants).scope(name), 0)


@pytest.mark.parametrize(
    "text", ["people", "people:read", "people:read:some", "*:read:all", "People:read:all", "", "a:b:c:d"]
)
def test_a_permission_of_another_form_is_refused(text):
    with pytest.raises(ValueError, match="form"):
        permissions.parse(text)


@pytest.mark.parametrize("text", ["people:read:own", "api-keys:write:team", "people:*:team", "*:*:all"])
def test_a_permission_keeps_its_written_form(text):
    assert permissions.texts(permissions.grants([text])) == [text]


def test_the_widest_scope_wins():
    assert permissions.grants(["people:read:own", "people:read:all", "people:read:team"]) == {"people:read": "all"}


def test_what_is_missing_is_named():
    held = permissions.grants(["people:*:team", "leads:read:all"])
    wanted = permissions.grants(["people:read:team", "people:write:all", "leads:read:own", "cases:read:own"])
    assert permissions.missing(held, wanted) == ["cases:read:own", "people:write:all"]


@given(GRANTS, GRANTS)
def test_an_intersection_reaches_as_far_as_both_sides_do(left, right):
    both = permissions.intersection(left, right)
    for name in CONCRETE:
        assert _reach(both, name) == min(_reach(left, name), _reach(right, name))


@given(GRANTS, GRANTS)
def test_a_union_reaches_as_far_as_either_side_does(left, right):
    union = permissions.widest([left, right])
    for name in CONCRETE:
        assert _reach(union, name) == max(_reach(left, name), _reach(right, name))


@given(GRANTS, GRANTS)
def test_nothing_is_missing_only_where_the_holder_reaches_everything(holder, wanted):
    if not permissions.missing(holder, wanted):
        for name in CONCRETE:
            assert _reach(holder, name) >= _reach(wanted, name)


@given(st.lists(st.sampled_from([*NAMES, *(f"{n}:{s}" for n in NAMES for s in SCOPES)])), GRANTS)
def test_a_key_never_does_more_than_its_owner(scopes, owner):
    key = access.key_permissions(scopes, owner)
    for name in CONCRETE:
        assert _reach(key, name) <= _reach(owner, name)


def test_a_scope_without_reach_goes_as_far_as_the_owner():
    owner = permissions.grants(["people:*:team", "leads:read:own"])
    assert access.key_permissions(["*:*"], owner) == {"people:*": "team", "leads:read": "own"}
    assert access.key_permissions(["people:read"], owner) == {"people:read": "team"}
    assert access.beyond_owner(["people:read", "cases:read", "people:read:all"], owner) == [
        "cases:read",
        "people:read:all",
    ]


def test_somebody_who_must_change_the_password_may_do_nothing_else():
    from services.administration.domain.group_tree import GroupTree

    assert access.access(GroupTree({}), [], [["*:*:all"]], barred=True).permissions == {}
