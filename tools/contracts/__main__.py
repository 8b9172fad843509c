"""``python -m tools.contracts`` writes the generated contracts; ``--check`` fails where one is out of date."""

import sys
from pathlib import Path
from typing import Any

import orjson

from tools.contracts import asyncapi, openapi, permissions

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
    """Write the documents, or say which are stale."""
    stale = []
    for name, document in documents().items():
        target = FOLDER / name
        fresh = text(document)
        if not target.exists() or target.read_bytes() != fresh:
            stale.append(name)
            if "--check" not in arguments:
                target.write_bytes(fresh)
    if not stale:
        print("The generated contracts are current.")
        return 0
    if "--check" in arguments:
        print(f"Out of date: {', '.join(stale)}. Run: python -m tools.contracts")
        return 1
    print(f"Written: {', '.join(stale)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
