import pytest

from services.administration.domain import access, permissions
from services.administration.domain.role import Role
from services.administration.domain.seeded_roles import SEEDS

NAMES = [seed.name for seed in SEEDS]


def _may(name, permission):
    [seed] = [seed for seed in SEEDS if seed.name == name]
    return permissions.missing(permissions.grants(seed.permissions), permissions.grants([permission])) == []


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.name)
def test_a_seeded_role_is_well_formed_and_described_in_both_languages(seed):
    assert permissions.grants(seed.permissions)
    assert seed.en.endswith(".")
    assert seed.es.endswith(".")


def test_the_product_brings_the_roles_of_a_crm():
    assert NAMES == [
        "administrator",
        "platform-administrator",
        "supervisor",
        "sales",
        "support",
        "telemarketing",
        "marketing",
        "reader",
        "integration",
    ]


def test_the_platform_administrator_sees_no_customer_data():
    assert _may("platform-administrator", "users:write:all")
    for permission in ("people:read:own", "companies:read:own", "leads:read:own", "cases:read:own", "events:read:own"):
        assert not _may("platform-administrator", permission)


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.name)
def test_a_seeded_role_names_what_everybody_may_do_with_what_is_theirs(seed):
    assert permissions.missing(permissions.grants(seed.permissions), access.BASELINE) == []


def test_a_reader_writes_nothing_but_what_is_personal():
    assert _may("reader", "people:read:all")
    assert not _may("reader", "people:write:own")


def test_only_administrators_administer():
    administering = [seed.name for seed in SEEDS if access.administers(seed.permissions)]
    assert administering == ["administrator", "platform-administrator"]


def test_an_upgrade_adds_what_is_new_and_gives_nothing_back_that_was_taken_away():
    role = Role(name="sales")
    role.seed(["people:read:all", "leads:*:own"])
    role.allow(["people:read:team"])

    assert role.seed(["people:read:all", "leads:*:own", "quotes:*:own"])
    assert role.permissions == ["people:read:team", "quotes:*:own"]
    assert not role.seed(["people:read:all", "leads:*:own", "quotes:*:own"])
