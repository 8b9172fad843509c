"""What other departments read already: the shapes of published events, which only grow.

``contracts/published.json`` holds them. A shape that lacks a published field, or gives it another type, is refused: a
program outside the suite would fail, and a stored event could no longer be read. The way out is a second version of the
event beside the first. What is added is free, and recorded with ``python -m tools.contracts --publish``.
"""

from collections.abc import Iterator, Mapping
from typing import Any

Schema = Mapping[str, Any]
FILE = "published.json"
_WORDS = frozenset({"$schema", "$id", "title", "description"})
_NULL = {"type": "null"}


def shape(schema: Schema) -> dict[str, Any]:
    """Return a JSON Schema without its words: what a reader's code stands on."""
    kept = {key: value for key, value in schema.items() if key not in _WORDS}
    if "properties" in kept:
        kept["properties"] = {name: shape(field) for name, field in kept["properties"].items()}
    if "items" in kept:
        kept["items"] = shape(kept["items"])
    if "anyOf" in kept:
        kept["anyOf"] = [shape(each) for each in kept["anyOf"]]
    return kept


def recorded(published: Mapping[str, Schema], catalogue: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is published once every event of the catalogue is."""
    return {**published, **{type_: shape(event["schema"]) for type_, event in catalogue.items()}}


def breaks(published: Mapping[str, Schema], catalogue: Mapping[str, Any]) -> list[str]:
    """Return a sentence for each published promise that the catalogue no longer keeps."""
    found = []
    for type_, before in sorted(published.items()):
        if type_ not in catalogue:
            found.append(f"{type_} is published and no longer declared: keep telling it beside what replaces it.")
            continue
        name, version = catalogue[type_]["name"], int(type_.rpartition(".v")[2]) + 1
        way_out = f"Keep it, and tell the other shape beside it: class {name}(Event, version={version})."
        found += [
            f"{type_}: {fact}. {way_out}" for fact in _object_breaks("", before, shape(catalogue[type_]["schema"]))
        ]
    return found


def _object_breaks(path: str, before: Schema, now: Schema) -> Iterator[str]:
    fields, fields_now = before.get("properties", {}), now.get("properties", {})
    required, required_now = set(before.get("required", ())), set(now.get("required", ()))
    for name, field in fields.items():
        at = f"{path}{name}"
        if name not in fields_now:
            yield f"the published field {at} was removed or renamed"
            continue
        if name in required_now - required:
            yield f"the published field {at} was optional and is required now: events told before lack it"
        if name in required - required_now:
            yield f"the published field {at} was always there and may be missing now"
        yield from _field_breaks(at, field, fields_now[name])
    for name in sorted(required_now - set(fields)):
        yield f"the new field {path}{name} is required, and events told before lack it: give it a default"


def _field_breaks(at: str, before: Schema, now: Schema) -> Iterator[str]:
    (inner, null), (inner_now, null_now) = _without_null(before), _without_null(now)
    if null != null_now:
        yield f"the published field {at} may {'be null now' if null_now else 'no longer be null, as it was before'}"
    if "properties" in inner and "properties" in inner_now:
        yield from _object_breaks(f"{at}.", inner, inner_now)
    elif "items" in inner and "items" in inner_now:
        yield from _field_breaks(f"{at}[]", inner["items"], inner_now["items"])
    elif "enum" in inner and "enum" in inner_now:
        if gone := [value for value in inner["enum"] if value not in inner_now["enum"]]:
            yield f"the published field {at} has lost the value {', '.join(map(str, gone))}"
    elif inner != inner_now:
        yield f"the published field {at} was {_kind(inner)} and is {_kind(inner_now)} now"


def _without_null(schema: Schema) -> tuple[Schema, bool]:
    """Return a field's schema without the null that it may be, and whether it may."""
    if isinstance(schema.get("type"), list):
        [kind] = [each for each in schema["type"] if each != "null"]
        return {**schema, "type": kind}, True
    if _NULL in schema.get("anyOf", ()):
        [inner] = [each for each in schema["anyOf"] if each != _NULL]
        return inner, True
    return schema, False


def _kind(schema: Schema) -> str:
    if "enum" in schema:
        return f"one of {', '.join(map(str, schema['enum']))}"
    if not schema:
        return "any JSON"
    return " ".join(str(schema[key]) for key in ("type", "format") if key in schema)
