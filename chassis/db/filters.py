"""What a list may be filtered and sorted by, derived from the model, and the conditions that callers ask for."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, get_args, get_origin

import sqlalchemy as sa
from marshmallow import ValidationError
from sqlalchemy.orm import Mapped

from chassis import model as models
from chassis.db import alias_tables, json_members, operators
from chassis.db.exact_decimal import ExactDecimal
from chassis.db.operators import Operator
from chassis.field_factory import field_for
from chassis.field_kinds import CurrencyField, failure
from chassis.field_kinds_exact import DecimalField
from chassis.money import LARGEST_AMOUNT, Money
from chassis.vocabulary import AnyField, Described, Mark, describe, hints_of

Condition = sa.ColumnElement[bool]
CUSTOM: Final = "custom."


@dataclass(frozen=True)
class Filter:
    """One thing to filter by: how its value is read, and the condition it makes for each operator."""

    field: AnyField
    operators: tuple[Operator, ...]
    condition: Callable[[Operator, Any], Condition]


@dataclass(frozen=True)
class Filters:
    """Everything a list of ``model`` may be asked for. ``sorts`` maps what may be sorted by to its column."""

    model: type[models.Model]
    by: Mapping[str, Filter]
    sorts: Mapping[str, sa.ColumnElement[Any]]
    default_sort: tuple[str, ...] = ("-id",)
    searchable: bool = False
    names: Mapping[str, tuple[str, Operator]] = field(default_factory=dict)

    def parameter(self, name: str) -> tuple[Filter, Operator] | None:
        """Return what the query parameter ``name`` filters by and how, or None where there is no such parameter."""
        if name.startswith(CUSTOM):
            base, operator = operators.split(name)
            found = self.named(base)
            return (found, operator) if found and operator in found.operators else None
        known = self.names.get(name)
        return (self.by[known[0]], known[1]) if known else None

    def named(self, name: str) -> Filter | None:
        """Return the filter of this name; a custom field of the installation is one too."""
        if name.startswith(CUSTOM) and issubclass(self.model, models.CustomFields):
            member = name.removeprefix(CUSTOM)
            return custom_filter(self.model, member) if json_members.NAME.fullmatch(member) else None
        return self.by.get(name)


def filters_for(
    model: type[models.Model],
    *,
    sort_as: Mapping[str, sa.ColumnElement[Any]] | None = None,
    default_sort: Iterable[str] = ("-id",),
    exclude: Iterable[str] = (),
    **extra: Filter,
) -> Filters:
    """Derive the filters of ``model`` from its public columns.

    ``sort_as`` sorts by another column than the one named (a normalised name); ``extra`` adds filters that are no
    columns, made with ``where``; ``default_sort`` is used when the caller names none.
    """
    by: dict[str, Filter] = {}
    sorts: dict[str, Any] = {}
    for name, hint in hints_of(model).items():
        if get_origin(hint) is not Mapped or name in exclude:
            continue
        kind = describe(get_args(hint)[0])
        if kind.marks & {Mark.INTERNAL, Mark.WRITE_ONLY}:
            continue
        if kind.python_type is Money:
            by |= _money(model, name)
            sorts[name] = model.__table__.c[f"{name}_amount"]
        elif kind.public is not None or kind.is_choice:
            attribute = getattr(model, name)
            by[name] = Filter(_plain_field(kind), operators.of(kind), _on(attribute, kind))
            sorts[name] = attribute
    by |= extra
    names = {operators.join(name, op): (name, op) for name, what in by.items() for op in what.operators}
    return Filters(
        model=model,
        by=by,
        sorts={**sorts, **(sort_as or {})},
        default_sort=tuple(default_sort),
        searchable=hasattr(model, "search_document"),
        names=names,
    )


def where(hint: Any, condition: Callable[[Any], Condition]) -> Filter:
    """Return a filter that is no column: ``company_id=where(AliasedId, lambda id: Person.id.in_(…))``."""
    kind = describe(hint)
    return Filter(_plain_field(kind), ("eq",), lambda operator, value: condition(_named(kind, operator, value)))


def read(found: Filter, operator: Operator, value: Any) -> Condition:
    """Return the condition for a JSON ``value``. Raise marshmallow's ``ValidationError`` where it is not valid."""
    if operator == "is_null":
        if not isinstance(value, bool):
            raise failure("flag")
        return found.condition(operator, value)
    if operator == "in":
        if not isinstance(value, list):
            raise failure("list")
        if len(value) > operators.MOST_VALUES:
            raise failure("too_many_items", max=operators.MOST_VALUES)
        return found.condition(operator, [found.field.deserialize(item) for item in value])
    if operator in operators.PARTS_OF_TEXT:
        return found.condition(operator, operators.PART.deserialize(value))
    return found.condition(operator, found.field.deserialize(value))


def read_parameter(found: Filter, operator: Operator, given: str | list[str]) -> Condition:
    """Return the condition for a query parameter, where everything is text and lists are written with commas."""
    if operator == "in":
        parts = [part for item in ([given] if isinstance(given, str) else given) for part in item.split(",")]
        return read(found, operator, [operators.typed(found.field, part) for part in parts])
    if isinstance(given, list):
        if len(given) != 1:
            raise failure("parameter_once")
        given = given[0]
    if operator == "is_null":
        return read(found, operator, {"true": True, "false": False}.get(given, given))
    return read(found, operator, operators.typed(found.field, given))


def custom_filter(model: type[models.CustomFields], name: str) -> Filter:
    """Return the filter on one custom field; a name that nobody defined finds nothing."""
    document = model.custom  # the attribute of the class
    return Filter(operators.PART, operators.ALL, lambda op, value: json_members.compare(document, name, op, value))


def _plain_field(kind: Described) -> AnyField:
    shown = Described(kind.python_type, optional=False, marks=frozenset(), public=kind.public, item=kind.item)
    return field_for(shown)


def _on(attribute: Any, kind: Described) -> Callable[[Operator, Any], Condition]:
    return lambda operator, value: operators.compare(attribute, operator, _named(kind, operator, value))


def _named(kind: Described, operator: Operator, value: Any) -> Any:
    """Return what is compared: of a record that was merged into another, the other."""
    if Mark.ALIASED not in kind.marks or operator == "is_null":
        return value
    return [alias_tables.canonical(id_) for id_ in value] if operator == "in" else alias_tables.canonical(value)


def _money(model: type[models.Model], name: str) -> dict[str, Filter]:
    amount, currency = model.__table__.c[f"{name}_amount"], model.__table__.c[f"{name}_currency"]
    assert isinstance(amount.type, ExactDecimal)
    bounds = DecimalField(places=amount.type.scale, least=-LARGEST_AMOUNT, most=LARGEST_AMOUNT)
    return {
        f"{name}_amount": Filter(bounds, operators.ORDERED, lambda op, v: operators.compare(amount, op, v)),
        f"{name}_currency": Filter(
            CurrencyField(most=3), operators.EXACT, lambda op, v: operators.compare(currency, op, v)
        ),
    }


def refused(error: ValidationError) -> str:
    """Return the first sentence of a field's error."""
    messages: Any = error.messages
    while isinstance(messages, dict):
        messages = next(iter(messages.values()))
    return str(messages[0]) if not isinstance(messages[0], str) else messages[0]
