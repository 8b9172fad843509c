"""The event catalogue as pages, made from the AsyncAPI document: an index, and a page for each event."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import orjson
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from gateway.contracts import FOLDER
from gateway.page_words import WORDS

LANGUAGES: Final = ("es", "en")
_FIRST: Final = ("specversion", "id", "source", "type", "subject", "sequence", "time", "actor")
_PAGES: Final = Environment(
    loader=FileSystemLoader(Path(__file__).resolve().parent / "templates"),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True, slots=True)
class Field:
    """A line of a table of fields: ``path`` is ``total.amount`` or ``lines[].count``."""

    path: str
    kind: str
    always: bool
    meaning: str


@dataclass(frozen=True, slots=True)
class Page:
    """What a page says of an event. ``versions`` are the types of the same event, the oldest first."""

    type: str
    name: str
    service: str
    summary: str
    paragraphs: tuple[str, ...]
    versions: tuple[str, ...]
    fields: tuple[Field, ...]
    sample: str


def index(language: str) -> str:
    """Return the page that lists every event by the service that tells it."""
    services: dict[str, list[Page]] = {}
    for page in catalogue().values():
        services.setdefault(page.service, []).append(page)
    return _render("events.html", language, services=services, envelope=_envelope())


def event(type_: str, language: str) -> str | None:
    """Return the page of one event, or None where there is none of this type."""
    page = catalogue().get(type_)
    return None if page is None else _render("event.html", language, page=page)


@cache
def catalogue() -> Mapping[str, Page]:
    """Return every event's page by its type."""
    document = _document()
    schemas = document["components"]["schemas"]
    return {type_: _page(type_, channel, schemas[type_]) for type_, channel in document["channels"].items()}


def _page(type_: str, channel: Mapping[str, Any], schema: Mapping[str, Any]) -> Page:
    [message] = channel["messages"].values()
    topic = type_.rpartition(".v")[0]
    versions = sorted((each for each in _document()["channels"] if each.rpartition(".v")[0] == topic), key=_version)
    return Page(
        type=type_,
        name=message["name"],
        service=type_.split(".")[1],
        summary=message["summary"],
        paragraphs=tuple(" ".join(part.split()) for part in channel["description"].split("\n\n")),
        versions=tuple(versions),
        fields=tuple(_fields(schema)),
        sample=json.dumps(_in_reading_order(message["examples"][0]["payload"]), indent=2, ensure_ascii=False),
    )


def _in_reading_order(envelope: Mapping[str, Any]) -> dict[str, Any]:
    return {name: envelope[name] for name in (*_FIRST, *sorted(set(envelope) - {*_FIRST, "data"}), "data")}


def prose(text: str) -> Markup:
    """Return the sentence of a docstring, its ``names`` as code."""
    parts = text.split("``")
    return Markup("").join(Markup("<code>{}</code>").format(part) if at % 2 else part for at, part in enumerate(parts))


def _envelope() -> list[Field]:
    return list(_fields(_document()["components"]["schemas"]["Envelope"]))


def _fields(schema: Mapping[str, Any], path: str = "") -> Iterator[Field]:
    required = set(schema.get("required", ()))
    for name, field in schema.get("properties", {}).items():
        inner = next((each for each in field.get("anyOf", ()) if each != {"type": "null"}), field)
        at = f"{path}{name}"
        yield Field(at, _kind(field, inner), name in required, field.get("description", ""))
        items = inner.get("items", {})
        if "properties" in items:
            yield from _fields(items, f"{at}[].")
        elif "properties" in inner:
            yield from _fields(inner, f"{at}.")


def _kind(field: Mapping[str, Any], inner: Mapping[str, Any]) -> str:
    kinds = [inner["type"]] if isinstance(inner.get("type"), str) else list(inner.get("type", ()))
    null = " | null" if "null" in kinds or inner is not field else ""
    if "const" in inner:
        return json.dumps(inner["const"])
    if "enum" in inner:
        return " | ".join(str(value) for value in inner["enum"]) + null
    if kinds == ["array"]:
        return f"[ {_kind(inner['items'], inner['items'])} ]{null}"
    kind = next((each for each in kinds if each != "null"), "json")
    return " ".join(filter(None, (kind, inner.get("format")))) + null


def _version(type_: str) -> int:
    return int(type_.rpartition(".v")[2])


def _render(name: str, language: str, **values: Any) -> str:
    return _PAGES.get_template(name).render(word=WORDS[language], language=language, prose=prose, **values)


@cache
def _document() -> dict[str, Any]:
    found: dict[str, Any] = orjson.loads((FOLDER / "asyncapi.json").read_bytes())
    return found
