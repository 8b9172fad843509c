"""The JSON filter tree of ``POST …/search``, saved views and segments.

``{"and": […]}``, ``{"or": […]}``, ``{"not": …}`` and ``{"field": "…", "op": "eq", "value": …}``.
"""

from collections.abc import Callable
from typing import Any, Final, cast

import sqlalchemy as sa
from marshmallow import ValidationError

from chassis.db.filters import Condition, Filters, read, refused
from chassis.db.operators import Operator
from chassis.errors import ValidationFailed
from chassis.field_messages import sentence, translate

DEEPEST: Final = 8
MOST_CONDITIONS: Final = 100
MOST_BRANCHES: Final = 100


def condition(filters: Filters, tree: object, *, locale: str, pointer: str = "/filter") -> Condition:
    """Return the condition that ``tree`` describes. Raise ``ValidationFailed`` pointing at what is wrong in it."""
    return _Reader(filters, locale).read(tree, pointer, 1)


class _Reader:
    def __init__(self, filters: Filters, locale: str) -> None:
        self.filters, self.locale, self.leaves = filters, locale, 0

    def read(self, node: object, pointer: str, depth: int) -> Condition:
        if depth > DEEPEST:
            raise self.wrong(pointer, "filter_depth", max=DEEPEST)
        match node:
            case {"and": list() as branches, **rest} if not rest:
                return self.branches(branches, f"{pointer}/and", depth, sa.and_, sa.true())
            case {"or": list() as branches, **rest} if not rest:
                return self.branches(branches, f"{pointer}/or", depth, sa.or_, sa.false())
            case {"not": inner, **rest} if not rest:
                # A condition on a null is neither true nor false; people expect its opposite to be true.
                return sa.not_(sa.func.coalesce(self.read(inner, f"{pointer}/not", depth + 1), sa.false()))
            case {"field": str() as name, "op": str() as op, **rest} if rest.keys() <= {"value"}:
                return self.leaf(name, op, rest.get("value"), pointer)
        raise self.wrong(pointer, "filter")

    def branches(
        self,
        branches: list[object],
        pointer: str,
        depth: int,
        join: Callable[..., Any],
        nothing: Condition,
    ) -> Condition:
        if len(branches) > MOST_BRANCHES:
            raise self.wrong(pointer, "too_many_items", max=MOST_BRANCHES)
        read = [self.read(branch, f"{pointer}/{index}", depth + 1) for index, branch in enumerate(branches)]
        return join(nothing, *read) if read else nothing

    def leaf(self, name: str, op: str, value: object, pointer: str) -> Condition:
        self.leaves += 1
        if self.leaves > MOST_CONDITIONS:
            raise self.wrong(pointer, "filter_size", max=MOST_CONDITIONS)
        found = self.filters.named(name)
        if found is None:
            raise self.wrong(f"{pointer}/field", "filter_field")
        operator = cast("Operator", op)
        if operator not in found.operators:
            raise self.wrong(f"{pointer}/op", "operator", choices=", ".join(found.operators))
        try:
            return read(found, operator, value)
        except ValidationError as error:
            detail = translate(refused(error), self.locale)
            raise ValidationFailed([{"pointer": f"{pointer}/value", "detail": detail}]) from None

    def wrong(self, pointer: str, key: str, **params: object) -> ValidationFailed:
        return ValidationFailed([{"pointer": pointer, "detail": translate(sentence(key, **params), self.locale)}])
