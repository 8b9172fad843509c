"""A published event only grows: each way to break one is refused with a sentence, and what is added is free."""

import enum
from dataclasses import dataclass, make_dataclass
from datetime import datetime
from uuid import UUID

import orjson
import pytest

from chassis import event_codec
from chassis.money import Money
from tools.contracts import __main__ as command
from tools.contracts import published


class Colour(enum.Enum):
    RED = "red"
    BLUE = "blue"


class OneColour(enum.Enum):
    RED = "red"


class MoreColours(enum.Enum):
    RED = "red"
    BLUE = "blue"
    GREEN = "green"


@dataclass
class Line:
    article: str
    count: int = 1


@dataclass
class OtherLine:
    article: str
    quantity: int = 1


FIELDS = {
    "order_id": UUID,
    "title": str,
    "closed_at": datetime | None,
    "amount": Money | None,
    "colour": Colour,
    "lines": list[Line],
    "data": dict,
    "note": (str, ""),
}


def catalogue(**changes):
    wanted = {name: kind for name, kind in {**FIELDS, **changes}.items() if kind is not None}
    required = [(name, kind) for name, kind in wanted.items() if not isinstance(kind, tuple)]
    optional = [(name, *kind) for name, kind in wanted.items() if isinstance(kind, tuple)]
    kind = make_dataclass("OrderPlaced", [*required, *optional], kw_only=True)
    return {"crm.shop.order_placed.v1": {"name": "OrderPlaced", "schema": event_codec.schema(kind)}}


PUBLISHED = published.recorded({}, catalogue())


@pytest.mark.parametrize(
    ("changes", "fact"),
    [
        ({"title": None}, "the published field title was removed or renamed"),
        ({"title": None, "heading": (str, "")}, "the published field title was removed or renamed"),
        ({"title": int}, "the published field title was string and is integer now"),
        ({"order_id": str}, "the published field order_id was string uuid and is string now"),
        ({"title": str | None}, "the published field title may be null now"),
        ({"closed_at": datetime}, "the published field closed_at may no longer be null, as it was before"),
        ({"note": str}, "the published field note was optional and is required now: events told before lack it"),
        ({"title": (str, "")}, "the published field title was always there and may be missing now"),
        ({"colour": OneColour}, "the published field colour has lost the value blue"),
        ({"colour": str}, "the published field colour was one of red, blue and is string now"),
        ({"title": Colour}, "the published field title was string and is one of red, blue now"),
        ({"lines": list[OtherLine]}, "the published field lines[].count was removed or renamed"),
        ({"lines": list[str]}, "the published field lines[] was object and is string now"),
        ({"amount": str}, "the published field amount was object and is string now"),
        ({"data": str}, "the published field data was any JSON and is string now"),
        ({"more": int}, "the new field more is required, and events told before lack it: give it a default"),
    ],
    ids=lambda value: "_".join(value) if isinstance(value, dict) else "",
)
def test_breaking_a_published_event_is_refused_with_the_way_out(changes, fact):
    sentences = published.breaks(PUBLISHED, catalogue(**changes))
    way_out = "Keep it, and tell the other shape beside it: class OrderPlaced(Event, version=2)."
    assert f"crm.shop.order_placed.v1: {fact}. {way_out}" in sentences


def test_a_published_event_or_version_is_not_dropped():
    second = {"crm.shop.order_placed.v2": catalogue()["crm.shop.order_placed.v1"]}
    [sentence] = published.breaks(PUBLISHED, second)
    assert sentence.startswith("crm.shop.order_placed.v1 is published and no longer declared")


@pytest.mark.parametrize(
    "changes",
    [{}, {"more": (int, 0)}, {"more": (str | None, None)}, {"colour": MoreColours}],
    ids=["nothing", "a field", "a nullable field", "a value"],
)
def test_what_is_added_is_free_and_recorded_it_is_a_promise_too(changes):
    grown = {**catalogue(**changes), "crm.shop.order_paid.v1": {"name": "OrderPaid", "schema": {"type": "object"}}}
    assert published.breaks(PUBLISHED, grown) == []
    recorded = published.recorded(PUBLISHED, grown)
    assert len(recorded) == 2
    if changes:
        assert published.breaks(recorded, catalogue()) != []


def test_words_are_no_promise():
    words = catalogue()
    words["crm.shop.order_placed.v1"]["schema"]["description"] = "Said better."
    words["crm.shop.order_placed.v1"]["schema"]["properties"]["title"]["description"] = "What it is called."
    assert published.breaks(PUBLISHED, words) == []


def test_the_check_of_the_build_refuses_and_publishing_does_not_hide_it(tmp_path, monkeypatch, capsys):
    events = catalogue()
    monkeypatch.setattr(command, "FOLDER", tmp_path)
    monkeypatch.setattr(command, "documents", lambda: {"events.json": events})
    (tmp_path / "published.json").write_bytes(b"{}")
    assert command.main([]) == 0
    assert command.main(["--check"]) == 0
    assert orjson.loads((tmp_path / "published.json").read_bytes()) == {}, (
        "adding is free, and recorded only when asked"
    )
    assert command.main(["--publish"]) == 0
    assert "1 of them new" in capsys.readouterr().out
    kept = (tmp_path / "published.json").read_bytes()
    del events["crm.shop.order_placed.v1"]["schema"]["properties"]["title"]
    for arguments in ([], ["--check"], ["--publish"]):
        assert command.main(arguments) == 1
        assert "field title was removed" in capsys.readouterr().out
    assert (tmp_path / "published.json").read_bytes() == kept
