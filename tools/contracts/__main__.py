"""``python -m tools.contracts`` writes the generated contracts; ``--check`` fails where one is out of date.

Both fail where a published event was broken; ``--publish`` records what was added to the events.
"""

import sys
from pathlib import Path
from typing import Any

import orjson

from tools.contracts import asyncapi, openapi, permissions, published

FOLDER = Path(__file__).resolve().parents[2] / "contracts"


def documents() -> dict[str, Any]:
    """Return every generated document by its file name."""
    return {
        "openapi.json": openapi.build(),
        "asyncapi.json": asyncapi.build(),
        "events.json": asyncapi.catalogue(),
        "permissions.json": permissions.build(),
    }


def text(document: Any) -> bytes:
    """Return a document as its file holds it: sorted, so that a diff shows only what changed."""
    return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE)


def main(arguments: list[str]) -> int:
    """Write the documents, or say which are stale and what is broken."""
    made = documents()
    broken = _broken(made["events.json"], publish="--publish" in arguments)
    stale = []
    for name, document in made.items():
        target = FOLDER / name
        fresh = text(document)
        if not target.exists() or target.read_bytes() != fresh:
            stale.append(name)
            if "--check" not in arguments:
                target.write_bytes(fresh)
    if not stale:
        print("The generated contracts are current.")
    elif "--check" in arguments:
        print(f"Out of date: {', '.join(stale)}. Run: python -m tools.contracts")
    else:
        print(f"Written: {', '.join(stale)}")
    return 1 if broken or (stale and "--check" in arguments) else 0


def _broken(events: dict[str, Any], *, publish: bool) -> bool:
    """Say what was broken, else record what was added where that is asked."""
    target = FOLDER / published.FILE
    before = orjson.loads(target.read_bytes())
    sentences = published.breaks(before, events)
    for sentence in sentences:
        print(sentence)
    if publish and not sentences:
        target.write_bytes(text(published.recorded(before, events)))
        print(f"Published: {len(events)} events, {len(events.keys() - before.keys())} of them new.")
    return bool(sentences)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
