"""The event catalogue: an index, and for each event a page with its fields and a sample that its schema accepts."""

import html
import importlib
import json
import re
from html.parser import HTMLParser

import jsonschema
import orjson
import pytest
from flask import Flask
from referencing import Registry, Resource

from chassis import events
from chassis.envelope import Envelope
from gateway import event_pages
from gateway.contracts import FOLDER
from gateway.event_site import PAGES

for _path in sorted(FOLDER.glob("*.py")):
    importlib.import_module(f"contracts.{_path.stem}" if _path.stem != "__init__" else "contracts")

ASYNCAPI = orjson.loads((FOLDER / "asyncapi.json").read_bytes())
TYPES = sorted(ASYNCAPI["channels"])
VOID = {"meta", "link", "img", "br", "input"}


@pytest.fixture(scope="module")
def client():
    site = Flask("site", static_folder=None)
    site.register_blueprint(PAGES)
    return site.test_client()


class Balanced(HTMLParser):
    """Fails where an element is not closed where it was opened."""

    def __init__(self):
        super().__init__()
        self.open, self.ids = [], []

    def handle_starttag(self, tag, attributes):
        self.ids += [value for name, value in attributes if name == "id"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def check_page(text):
    parser = Balanced()
    parser.feed(text)
    assert parser.open == []
    assert len(parser.ids) == len(set(parser.ids))
    assert not re.search(r'(src|href)="(https?:)?//', text), "a page needs nobody else"
    assert "<script" not in text
    assert "style=" not in text, "the policy of the pages allows no styles of their own"
    return parser


def test_the_index_lists_every_event_and_every_link_leads_somewhere(client):
    answer = client.get("/docs/events")
    assert answer.content_type == "text/html; charset=utf-8"
    parser = check_page(answer.text)
    for link in re.findall(r'href="/docs/events/([^"#]+)"', answer.text):
        assert link in TYPES
    assert all(f'href="/docs/events/{type_}"' in answer.text for type_ in TYPES)
    assert {"sales", "cases", "envelope"} <= set(parser.ids)
    assert set(re.findall(r'href="#([^"]+)"', answer.text)) <= set(parser.ids)


@pytest.mark.parametrize("type_", TYPES)
def test_each_event_has_a_page_with_its_fields_and_its_sample(client, type_):
    page = client.get(f"/docs/events/{type_}").text
    check_page(page)
    schema = ASYNCAPI["components"]["schemas"][type_]
    assert all(f"<code>{name}</code>" in page for name in schema["properties"])
    shown = re.search(r"<pre[^>]*><code>(.*?)</code></pre>", page, re.DOTALL)
    assert json.loads(html.unescape(shown.group(1))) == sample_of(type_)


def sample_of(type_):
    [message] = ASYNCAPI["channels"][type_]["messages"].values()
    [example] = message["examples"]
    return example["payload"]


@pytest.mark.parametrize("type_", TYPES)
def test_a_sample_is_what_its_schema_says_and_what_the_services_read(type_):
    document = Resource.opaque(ASYNCAPI)
    registry = Registry().with_resource("urn:asyncapi", document)
    [name] = ASYNCAPI["channels"][type_]["messages"]
    path = f"urn:asyncapi#/channels/{type_}/messages/{name}/payload"
    checker = jsonschema.FormatChecker(["uuid", "date"])
    validator = jsonschema.Draft202012Validator({"$ref": path}, registry=registry, format_checker=checker)
    sample = sample_of(type_)
    validator.validate(sample)
    envelope = Envelope.from_dict(sample)
    declared = events.event_class(type_)
    assert declared.decode(envelope.data).concerns() == envelope.concerns
    assert not validator.is_valid({**sample, "data": {}}), "a schema that refuses nothing says nothing"


def test_what_a_field_means_is_said_for_nearly_all():
    silent = {field.path for page in event_pages.catalogue().values() for field in page.fields if not field.meaning}
    assert len(silent) < len({field.path for page in event_pages.catalogue().values() for field in page.fields}) / 5


def test_the_pages_speak_the_readers_language(client):
    spanish = client.get("/docs/events", headers={"Accept-Language": "es-ES,es;q=0.9,en;q=0.5"})
    english = client.get("/docs/events", headers={"Accept-Language": "en-GB"})
    assert ('<html lang="es">' in spanish.text, "Catálogo de eventos" in spanish.text) == (True, True)
    assert ('<html lang="en">' in english.text, "Event catalogue" in english.text) == (True, True)
    assert spanish.headers["Vary"] == "Accept-Language"
    assert event_pages.WORDS["es"].keys() == event_pages.WORDS["en"].keys()


def test_an_event_that_there_is_not_has_no_page(client):
    assert client.get("/docs/events/crm.sales.lead_eaten.v1").status_code == 404
    assert client.get("/docs/events/%3Cscript%3E").status_code == 404
