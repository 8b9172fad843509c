"""Marshmallow schemas as JSON Schema components: what is sent, what is patched, what is answered."""

from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from marshmallow import Schema

from chassis.db.filters import Filters
from chassis.db.operators import ALL, PARTS_OF_TEXT, Operator
from chassis.db.page_questions import LIMIT, MOST, MOST_SORTS
from chassis.declarations import Contract
from chassis.requests import BULK_LIMIT
from chassis.vocabulary import AnyField

PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "RFC 9457. `code` never changes once published.",
    "required": ["type", "title", "status", "detail", "code", "request_id"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "code": {"type": "string"},
        "request_id": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["detail"],
                "properties": {
                    "pointer": {"type": "string"},
                    "parameter": {"type": "string"},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}


def reference(name: str) -> dict[str, str]:
    """Return a pointer to a component."""
    return {"$ref": f"#/components/schemas/{name}"}


class Shapes:
    """Collects the components that operations mention."""

    def __init__(self) -> None:
        # Components are named here, so apispec names none itself.
        self._plugin = MarshmallowPlugin(schema_name_resolver=lambda _: "")
        APISpec("Trato", "1", "3.1.0", plugins=[self._plugin])
        self.schemas: dict[str, Any] = {}

    def body(self, contract: Contract) -> dict[str, Any] | None:
        """Return the request body of an operation, or None where it takes none."""
        if contract.searches:
            return {"required": False, "content": {"application/json": {"schema": _search(contract)}}}
        if contract.patches:
            schema: dict[str, Any] = self._component(contract.patches, "Patch")
        elif contract.loads and contract.bulk:
            schema = {
                "type": "object",
                "required": ["items"],
                "additionalProperties": False,
                "properties": {
                    "items": {
                        "type": "array",
                        "maxItems": BULK_LIMIT,
                        "items": self._component(contract.loads, "Draft"),
                    }
                },
            }
        elif contract.loads:
            schema = self._component(contract.loads, "Draft")
        else:
            return None
        return {"required": True, "content": {"application/json": {"schema": schema}}}

    def answer(self, contract: Contract) -> dict[str, Any] | None:
        """Return the schema of an operation's answer, or None where it answers nothing."""
        if contract.bulk:
            return _BULK
        if contract.lists:
            return _page(self._component(contract.lists, ""))
        if contract.dumps is None:
            return {"type": ["object", "array", "null"]} if contract.kind == "query" else None
        shape = self._component(contract.dumps, "")
        return {"type": "array", "items": shape} if contract.many else shape

    def parameters(self, schema: type[Schema]) -> list[dict[str, Any]]:
        """Return the query parameters that a schema checks."""
        shape = self._json(schema, partial=False)
        required = set(shape.get("required", ()))
        return [
            {"name": name, "in": "query", "required": name in required, "schema": field}
            for name, field in shape.get("properties", {}).items()
        ]

    def list_parameters(self, filters: Filters) -> list[dict[str, Any]]:
        """Return the query parameters of a list: paging, sorting, searching, and its filters."""
        found = {
            "limit": {"type": "integer", "minimum": 1, "maximum": MOST, "default": LIMIT},
            "cursor": {"type": "string", "minLength": 1, "description": "next_cursor of the page before."},
            "sort": {
                "type": "string",
                "description": f"Names with commas, - for descending: {', '.join(filters.sorts)}.",
            },
            "count": {"type": "boolean", "description": "Adds total."},
        }
        if filters.searchable:
            found["q"] = {"type": "string", "maxLength": 200, "description": "Words, or how they begin."}
        for parameter, (name, operator) in filters.names.items():
            found[parameter] = self._operand(filters.by[name].field, operator)
        return [{"name": name, "in": "query", "required": False, "schema": found[name]} for name in found]

    def _operand(self, field: AnyField, operator: Operator) -> dict[str, Any]:
        if operator == "is_null":
            return {"type": "boolean"}
        if operator == "in":
            return {"type": "string", "minLength": 1, "description": "Values with commas."}
        if operator in PARTS_OF_TEXT:
            return {"type": "string", "minLength": 1, "maxLength": 255}
        assert self._plugin.converter is not None
        shape = dict(self._plugin.converter.field2property(field))
        return {key: value for key, value in shape.items() if key not in {"readOnly", "default"}}

    def _component(self, schema: type[Schema], kind: str) -> dict[str, Any]:
        name = schema.__name__.removesuffix("Schema") + kind
        if name not in self.schemas:
            self.schemas[name] = {}  # a shape may contain itself
            self.schemas[name] = self._draft(schema, kind) if kind else self._record(schema)
        return reference(name)

    def _draft(self, schema: type[Schema], kind: str) -> dict[str, Any]:
        writable = [name for name, field in schema().fields.items() if not field.dump_only]
        return self._json(schema, only=writable, partial=kind == "Patch")

    def _record(self, schema: type[Schema]) -> dict[str, Any]:
        readable = [name for name, field in schema().fields.items() if not field.load_only]
        shape = self._json(schema, only=readable, partial=False)
        shape["required"] = sorted(shape.get("properties", {}))  # an answer always has all its keys
        for field in shape.get("properties", {}).values():
            field.pop("readOnly", None)
        return shape

    def _json(self, schema: type[Schema], *, only: list[str] | None = None, partial: bool) -> dict[str, Any]:
        assert self._plugin.converter is not None
        found: dict[str, Any] = self._plugin.converter.schema2jsonschema(schema(only=only, partial=partial))  # type: ignore[no-untyped-call]
        return dict(found)


def _page(shape: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["items", "next_cursor"],
        "properties": {
            "items": {"type": "array", "items": shape},
            "next_cursor": {"type": ["string", "null"]},
            "total": {"type": "integer"},
        },
    }


def _search(contract: Contract) -> dict[str, Any]:
    assert contract.filters is not None
    filters = contract.filters
    names = ", ".join(filters.by)
    found: dict[str, Any] = {
        "filter": {
            "type": ["object", "null"],
            "description": 'A tree: {"and": […]}, {"or": […]}, {"not": …} or {"field": …, "op": …, "value": …}; '
            f"op is one of {', '.join(ALL)}; field is one of {names}.",
        },
        "sort": {"type": "array", "maxItems": MOST_SORTS, "items": {"type": "string"}},
        "limit": {"type": "integer", "minimum": 1, "maximum": MOST},
        "cursor": {"type": ["string", "null"]},
        "count": {"type": "boolean"},
    }
    if filters.searchable:
        found["q"] = {"type": "string", "maxLength": 200}
    return {"type": "object", "additionalProperties": False, "properties": found}


_BULK = {
    "type": "object",
    "required": ["items"],
    "properties": {
        "items": {
            "type": "array",
            "description": "A result per item, in the order they were sent.",
            "items": {
                "type": "object",
                "required": ["status"],
                "properties": {
                    "status": {"type": "integer"},
                    "id": {"type": ["string", "null"]},
                    "record": {"type": ["object", "null"]},
                    "error": {"type": "object"},
                },
            },
        }
    },
}
