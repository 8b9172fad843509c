"""Reading what a caller asks of a list, from a query string or from the body of a search."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from marshmallow import ValidationError

from chassis.db import filter_tree, operators
from chassis.db.filters import Condition, Filters, read_parameter, refused
from chassis.errors import ValidationFailed
from chassis.field_kinds import TextField, failure
from chassis.field_kinds_exact import FlagField, WholeField
from chassis.field_messages import translate

LIMIT: Final = 50
MOST: Final = 200
MOST_SORTS: Final = 5
_RESERVED: Final = ("limit", "cursor", "sort", "q", "count")
_FIELDS: Final[Mapping[str, Any]] = {
    "limit": WholeField(least=1, most=MOST),
    "cursor": TextField(least=1, most=2000),
    "q": TextField(most=200),
    "count": FlagField(),
}


@dataclass
class Question:
    """What was asked. ``identity`` is what a cursor must agree with: everything but the page itself."""

    where_from: Literal["parameter", "pointer"]
    conditions: tuple[Condition, ...] = ()
    words: str = ""
    sort: tuple[str, ...] = ()
    limit: int = LIMIT
    count: bool = False
    cursor: str | None = None
    identity: dict[str, Any] = field(default_factory=dict)
    errors: list[dict[str, str]] = field(default_factory=list)

    @property
    def prefix(self) -> str:
        """What stands before a name in an error: nothing for a parameter, a slash for a pointer."""
        return "/" if self.where_from == "pointer" else ""

    def wrong(self, name: str, error: ValidationError, locale: str) -> None:
        """Remember that ``name`` is wrong."""
        detail = translate(refused(error), locale)
        self.errors.append({self.where_from: f"{self.prefix}{name}", "detail": detail})


def from_parameters(params: Mapping[str, Any], filters: Filters, locale: str) -> Question:
    """Read a query string. Raise ``ValidationFailed`` naming every parameter that is wrong."""
    question = Question("parameter")
    conditions: list[Condition] = []
    for name, given in params.items():
        try:
            if name in _RESERVED:
                single = _single(given)
                value = single.split(",") if name == "sort" else operators.typed(_FIELDS[name], single)
                _take(question, name, value, filters)
            else:
                found = filters.parameter(name)
                if found is None:
                    raise failure("parameter")
                conditions.append(read_parameter(*found, given))
                question.identity[name] = given
        except ValidationError as error:
            question.wrong(name, error, locale)
    question.conditions = tuple(conditions)
    return _finished(question)


def from_body(body: Mapping[str, Any], filters: Filters, locale: str) -> Question:
    """Read the body of a search. Raise ``ValidationFailed`` pointing at everything that is wrong."""
    question = Question("pointer")
    if not isinstance(body, Mapping):
        question.errors.append({"pointer": "", "detail": translate(refused(failure("object")), locale)})
        return _finished(question)
    for name, given in body.items():
        try:
            if name == "filter":
                if given is not None:
                    question.conditions = (filter_tree.condition(filters, given, locale=locale),)
                question.identity[name] = given
            elif name in _RESERVED:
                _take(question, name, given, filters)
            else:
                raise failure("unknown")
        except ValidationFailed as error:
            question.errors += error.params["errors"]
        except ValidationError as error:
            question.wrong(name, error, locale)
    return _finished(question)


def _take(question: Question, name: str, given: Any, filters: Filters) -> None:
    if name == "sort":
        question.sort = _sort(given, filters)
        question.identity[name] = list(question.sort)
        return
    if name == "cursor" and given is None:  # what an answer calls "no next page" may be sent back
        return
    value = _FIELDS[name].deserialize(given)
    if name == "q":
        if not filters.searchable:
            raise failure("parameter")
        question.words = question.identity["q"] = value
    else:
        setattr(question, name, value)


def _sort(given: Any, filters: Filters) -> tuple[str, ...]:
    if not isinstance(given, list) or not all(isinstance(name, str) for name in given):
        raise failure("list")
    if len(given) > MOST_SORTS:
        raise failure("too_many_items", max=MOST_SORTS)
    names = [name.removeprefix("-") for name in given]
    if any(name not in filters.sorts for name in names) or len(set(names)) < len(names):
        raise failure("sort", choices=", ".join(filters.sorts))
    return tuple(given)


def _single(given: Any) -> str:
    if isinstance(given, list):
        if len(given) != 1:
            raise failure("parameter_once")
        given = given[0]
    return str(given)


def _finished(question: Question) -> Question:
    if question.errors:
        raise ValidationFailed(question.errors)
    return question
