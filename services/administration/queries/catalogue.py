"""Which permissions and resources exist: generated from what all services declare, shipped with the contracts."""

import functools
import json
from importlib import resources
from typing import Final

# What may be granted without being asked for by name: everything, or everything of one resource.
_ANY: Final = "*"


@functools.cache
def permissions() -> frozenset[str]:
    """Return every ``resource:action`` that some operation needs."""
    text = resources.files("contracts").joinpath("permissions.json").read_text(encoding="utf-8")
    return frozenset(json.loads(text)["permissions"])


@functools.cache
def resource_names() -> frozenset[str]:
    """Return every resource that has a permission."""
    return frozenset(name.partition(":")[0] for name in permissions())


def exists(name: str) -> bool:
    """Return whether ``people:read``, ``people:*`` or ``*:*`` stands for a permission that exists."""
    resource, _, action = name.partition(":")
    if action != _ANY:
        return name in permissions()
    return resource == _ANY or resource in resource_names()


def listed() -> list[dict[str, str]]:
    """Return every permission in its parts, sorted."""
    parts = [(name, *name.split(":")) for name in sorted(permissions())]
    return [{"name": name, "resource": resource, "action": action} for name, resource, action in parts]
