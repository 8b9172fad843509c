"""What the fields of several records of one contact become when the records become one."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from chassis.fields import Id, Name
from chassis.history import logged
from services.contacts.domain.company import Company
from services.contacts.domain.person import Person
from services.contacts.domain.reach import EmailAddress, PhoneNumber, PostalAddress, SocialHandle

Record = Person | Company

# What says which item of a list is the same as another's; all else of it is the first one's.
_SAME: Final[Mapping[type, Callable[[Any], Any]]] = {
    EmailAddress: lambda email: email.address.lower(),
    PhoneNumber: lambda phone: phone.number,
    PostalAddress: lambda at: (at.street, at.postcode, at.city, at.country),
    SocialHandle: lambda social: (social.network, social.handle.lower()),
}
_IDENTIFIERS: Final = ("personal_id", "tax_id")
_COUNTRY: Final = "country"
_CUSTOM: Final = "custom"
_JOINED: Final = frozenset({"notes"})


@dataclass(frozen=True, kw_only=True)
class FieldWinner:
    """Whose value of a field counts, as somebody chose; a custom field is called ``custom.<name>``."""

    field: Name
    contact_id: Id


@dataclass(frozen=True)
class FieldChoice:
    """What one field becomes, and of whom; ``winner_id`` is None where all are united, or nobody says anything."""

    field: str
    value: Any
    winner_id: UUID | None


def choosable(model: type[Record]) -> list[str]:
    """Return the fields of which somebody may say whose value counts."""
    return [name for name, _ in logged(model)]


def chosen(records: Sequence[Record], choices: Mapping[str, UUID]) -> list[FieldChoice]:
    """Return what each field becomes; the survivor is the first of ``records``.

    ``choices`` names the record whose value counts. Otherwise the survivor's does, or the first that there is. Lists
    are united, a prohibition or an address that is not valid anywhere is so in the end, and notes are joined; there a
    choice says whose come first. An identifier and the country that gave it stay together.
    """
    found = []
    for name, kind in logged(type(records[0])):
        first = choices.get(name)
        if name in {_COUNTRY, *_IDENTIFIERS}:
            first = _identified(records, choices)
        ordered = sorted(records, key=lambda record: record.id != first) if first else list(records)
        values = [getattr(record, name) for record in ordered]
        if kind.item is not None:
            found.append(FieldChoice(name, _united(values), None))
        elif name == _CUSTOM:
            found.append(FieldChoice(name, _custom(records, choices), None))
        elif kind.python_type is bool:
            found.append(FieldChoice(name, any(values), None))
        elif name in _JOINED and first is None:
            found.append(FieldChoice(name, "\n\n".join(dict.fromkeys(filter(None, values))) or None, None))
        else:
            if name in _IDENTIFIERS:
                ordered = ordered[:1]
            winner = next((record for record in ordered if getattr(record, name) is not None), None)
            found.append(_of(winner, name))
    return found


def same(item: Any) -> Any:
    """Return what an item of a list has in common with whatever says the same."""
    return _SAME.get(type(item), lambda each: each)(item)


def _of(winner: Record | None, name: str) -> FieldChoice:
    return FieldChoice(name, None, None) if winner is None else FieldChoice(name, getattr(winner, name), winner.id)


def identifiers(records: Sequence[Record]) -> set[tuple[str | None, str]]:
    """Return the different identifiers that the records have; more than one speaks against their being one contact."""
    return {
        (record.country, number)
        for record in records
        for name in _IDENTIFIERS
        if (number := getattr(record, name, None)) is not None
    }


def _identified(records: Sequence[Record], choices: Mapping[str, UUID]) -> UUID | None:
    """Return whose identifier counts, and with it whose country."""
    named = next((choices[name] for name in (*_IDENTIFIERS, _COUNTRY) if name in choices), None)
    return named or next((record.id for record in records if identifiers([record])), None)


def _united(lists: Sequence[Sequence[Any]]) -> list[Any]:
    known: dict[Any, Any] = {}
    primary = next((item for items in lists for item in items if getattr(item, "primary", False)), None)
    for item in (item for items in lists for item in items):
        alike = same(item)
        if alike not in known:
            known[alike] = (
                item if not getattr(item, "primary", False) or item is primary else replace(item, primary=False)
            )
        elif not getattr(item, "valid", True):
            known[alike] = replace(known[alike], valid=False)
    return list(known.values())


def _custom(records: Sequence[Record], choices: Mapping[str, UUID]) -> dict[str, Any]:
    members = dict.fromkeys(name for record in records for name in record.custom)
    united = {}
    for name in members:
        first = choices.get(f"{_CUSTOM}.{name}", choices.get(_CUSTOM))
        ordered = sorted(records, key=lambda record: record.id != first) if first else records
        said = (record.custom[name] for record in ordered if record.custom.get(name) is not None)
        united[name] = next(said, None)
    return united
