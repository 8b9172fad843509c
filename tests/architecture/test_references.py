"""What names a contact follows it when it is merged: the columns say so, and contacts knows who follows."""

import ast
import importlib

import pytest

from chassis.aliases import references
from chassis.model import Model
from services.contacts.domain.merge import FOLLOWERS
from tests.architecture.source import modules, name, services, tree

# Tables whose rows keep to the id that something happened to, however it is called now.
KEEPS_TO_IT = {"timeline_entries", "match_keys", "contact_merges", "duplicate_dismissals", "contact_languages"}
NAMES = {"person_id", "company_id", "contact_id", "customer_id"}

for _folder in services():
    for _path in _folder.glob("domain/*.py"):
        importlib.import_module(f"services.{_folder.name}.domain.{_path.stem}")

MODELS = sorted(
    (mapper.class_ for mapper in Model.registry.mappers if mapper.class_.__module__.startswith("services.")),
    key=lambda model: model.__name__,
)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_a_column_that_names_a_contact_is_an_aliased_id(model):
    if model.__tablename__ not in KEEPS_TO_IT:
        assert NAMES & set(model.__table__.c.keys()) <= set(references(model)), "write AliasedId instead of Id"


@pytest.mark.parametrize("model", [model for model in MODELS if references(model)], ids=lambda model: model.__name__)
def test_whoever_names_what_may_be_merged_keeps_aliases_and_is_found_by_its_id(model):
    assert "aliases" in model.metadata.tables, "make the metadata with new_metadata(aliases=True)"
    assert model.__table__.primary_key.columns.keys() == ["id"]


def test_contacts_waits_for_exactly_those_who_follow():
    following = {
        name(path).split("/")[1]
        for path in modules("services")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and ast.unparse(node) == "on(ContactMerged)"
    }
    assert following == set(FOLLOWERS)
    assert {each for model in MODELS if references(model) for each in [model.__module__.split(".")[1]]} == {
        *FOLLOWERS,
        "contacts",
    }
