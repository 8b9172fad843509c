"""The catalogue of permissions: every ``resource:action`` that an operation needs, and which operations do."""

from typing import Any

from tools.contracts.services import all_contracts


def build() -> dict[str, Any]:
    """Return the permissions by name, each with the operations that need it."""
    needed: dict[str, list[str]] = {}
    for path, contract in all_contracts():
        if contract.permission:
            needed.setdefault(contract.permission, []).append(path)
    return {"permissions": {name: {"operations": sorted(paths)} for name, paths in sorted(needed.items())}}
