"""Permissions as sets: what contains what, what two have in common, what is missing."""

import re
from collections.abc import Iterable, Mapping
from typing import Final, get_args

from chassis.context import WIDTH, Scope

Grants = Mapping[str, Scope]

SCOPES: Final[tuple[Scope, ...]] = get_args(Scope)
_FORM: Final = re.compile(r"(\*:\*|[a-z][a-z0-9-]*:(?:\*|[a-z][a-z0-9-]*)):(own|team|all)")


def parse(text: str) -> tuple[str, Scope]:
    """Split ``people:read:team`` into ``people:read`` and ``team``. Raise ``ValueError`` for another form."""
    found = _FORM.fullmatch(text)
    if found is None:
        message = f"{text} is not of the form resource:action:own|team|all"
        raise ValueError(message)
    scope = next(scope for scope in SCOPES if scope == found[2])
    return found[1], scope


def grants(texts: Iterable[str]) -> dict[str, Scope]:
    """Return what a list of permissions grants; the widest scope wins where one is named twice."""
    return widest({name: scope} for name, scope in map(parse, texts))


def texts(held: Grants) -> list[str]:
    """Return grants in their written form, sorted."""
    return sorted(f"{name}:{scope}" for name, scope in held.items())


def widest(many: Iterable[Grants]) -> dict[str, Scope]:
    """Return the union of several grants, the widest scope winning."""
    union: dict[str, Scope] = {}
    for one in many:
        for name, scope in one.items():
            if name not in union or WIDTH[scope] > WIDTH[union[name]]:
                union[name] = scope
    return union


def contains(pattern: str, name: str) -> bool:
    """Return whether ``pattern`` (``people:*``) says everything that ``name`` (``people:read``) says."""
    resource, _, action = pattern.partition(":")
    other_resource, _, other_action = name.partition(":")
    return resource in {"*", other_resource} and action in {"*", other_action}


def missing(holder: Grants, wanted: Grants) -> list[str]:
    """Return the wanted permissions that the holder does not have, in their written form, sorted."""
    return texts({name: scope for name, scope in wanted.items() if not _holds(holder, name, scope)})


def intersection(left: Grants, right: Grants) -> dict[str, Scope]:
    """Return what both sides allow: for each pair the narrower name with the narrower scope."""
    return widest(
        {narrower: min(scope, other_scope, key=WIDTH.__getitem__)}
        for name, scope in left.items()
        for other, other_scope in right.items()
        if (narrower := _narrower(name, other)) is not None
    )


def _holds(holder: Grants, name: str, scope: Scope) -> bool:
    return any(contains(held, name) and WIDTH[reach] >= WIDTH[scope] for held, reach in holder.items())


def _narrower(name: str, other: str) -> str | None:
    if contains(name, other):
        return other
    return name if contains(other, name) else None
