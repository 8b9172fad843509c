"""What people know a record by is never blank: whoever makes one says what it is called."""

import json

from tests.architecture.source import ROOT

_CALLED = {"name", "title", "subject"}


def _blank_ones():
    """Yield where a request may demand what a record is called, and take nothing for it."""
    document = json.loads((ROOT / "contracts" / "openapi.json").read_text(encoding="utf-8"))
    schemas = document["components"]["schemas"]
    for path, methods in document["paths"].items():
        for method in set(methods) & {"post", "put"}:
            for content in methods[method].get("requestBody", {}).get("content", {}).values():
                schema = content["schema"]
                schema = schemas[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
                for name in _CALLED & set(schema.get("required", ())):
                    asked = schema["properties"][name]
                    if asked.get("type") == "string" and not asked.get("minLength"):
                        yield f"{method.upper()} {path}: {name}"


def test_a_name_that_is_demanded_is_not_blank():
    assert sorted(_blank_ones()) == []
