"""Fields that an installation added: their definitions in this service, and the check of their values.

Values live in the record's ``custom`` object, plain JSON, each in the canonical form of its kind.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import sqlalchemy as sa
from marshmallow import ValidationError
from sqlalchemy.orm import Session

from chassis.context import current_call
from chassis.custom_field_kinds import field_of
from chassis.db import tables
from chassis.errors import ValidationFailed
from chassis.field_kinds import failure
from chassis.field_messages import errors_of
from chassis.ids import new_id
from chassis.model import CustomFields
from chassis.vocabulary import AnyField

FRESH_SECONDS: Final = 5.0


@dataclass(frozen=True)
class Definition:
    """One field of one resource. ``options`` are the values that a choice may have."""

    name: str
    kind: str
    required: bool = False
    default: Any = None
    options: tuple[str, ...] = ()
    checker: AnyField = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "checker", field_of(self.kind, self.options))


def define(
    session: Session,
    metadata: sa.MetaData,
    *,
    resource: str,
    name: str,
    kind: str,
    required: bool = False,
    options: Sequence[Any] = (),
    labels: Mapping[str, str] | None = None,
    default: Any = None,
) -> None:
    """Take a definition into this service's database, new or changed; other processes follow within seconds."""
    retire(session, metadata, resource=resource, name=name)
    session.connection().execute(
        sa.insert(tables.custom_field_definitions(metadata)),
        {
            "id": new_id(),
            "resource": resource,
            "name": name,
            "kind": kind,
            "required": required,
            "options": list(options),
            "labels": dict(labels or {}),
            "default": default,
        },
    )


def retire(session: Session, metadata: sa.MetaData, *, resource: str, name: str) -> None:
    """Offer a field no longer; values already stored stay where they are."""
    table = tables.custom_field_definitions(metadata)
    session.connection().execute(sa.delete(table).where(table.c.resource == resource, table.c.name == name))
    _known.pop(_key(session, resource), None)
    # What this transaction wrote is not yet what others read; the copy is made anew when it has ended.
    session.info["custom_fields_changed"] = True


def definitions(session: Session, metadata: sa.MetaData, resource: str) -> Mapping[str, Definition]:
    """Return the fields that ``resource`` has now, by name; at most ``FRESH_SECONDS`` old."""
    key = _key(session, resource)
    known = _known.get(key)
    if known is not None and known[0] > time.monotonic() and not session.info.get("custom_fields_changed"):
        return known[1]
    table = tables.custom_field_definitions(metadata)
    rows = session.connection().execute(sa.select(table).where(table.c.resource == resource)).mappings()
    found = {
        row["name"]: Definition(
            row["name"], row["kind"], row["required"], row["default"], tuple(_option(o) for o in row["options"] or ())
        )
        for row in rows
    }
    if not session.info.get("custom_fields_changed"):
        _known[key] = (time.monotonic() + FRESH_SECONDS, found)
    return found


def collect(session: Session) -> None:
    """Check the custom fields of what this flush saves; called before each flush.

    Raises ``ValidationFailed`` pointing at ``/custom/<name>``.
    """
    for record in session.new:
        if isinstance(record, CustomFields):
            _settle(session, record, before={}, is_new=True)
    for record in session.dirty:
        if isinstance(record, CustomFields):
            history = sa.inspect(record).attrs.custom.history
            if history.has_changes():
                _settle(session, record, before=(history.deleted or ({},))[0] or {}, is_new=False)


def checked(
    known: Mapping[str, Definition], given: Mapping[str, Any], before: Mapping[str, Any], *, is_new: bool
) -> dict[str, Any]:
    """Return ``given`` in canonical form, with defaults where the record is new.

    What did not change is left alone, so that a retired field or a narrowed choice does not block other changes.
    Raises ``ValidationFailed``.
    """
    errors: dict[str, Any] = {}
    settled: dict[str, Any] = {}
    for name, value in given.items():
        if name in before and before[name] == value:
            settled[name] = value
        elif name not in known:
            errors[name] = failure("unknown").messages
        elif value is not None:
            try:
                settled[name] = _plain(known[name].checker, value)
            except ValidationError as error:
                errors[name] = error.messages
    for name, definition in known.items():
        if is_new and name not in given and definition.default is not None:
            settled[name] = definition.default
        missing = name not in settled and name not in errors
        if definition.required and missing and (is_new or name in before):
            errors[name] = failure("required").messages
    if errors:
        raise ValidationFailed(errors_of(ValidationError(errors), current_call.get().locale, prefix="/custom"))
    return settled


def _settle(session: Session, record: Any, *, before: Mapping[str, Any], is_new: bool) -> None:
    known = definitions(session, type(record).metadata, record.resource)
    given = record.custom or {}
    if not known and not given:
        return
    settled = checked(known, given, before, is_new=is_new)
    if settled != given:
        record.custom = settled


def _plain(checker: AnyField, value: Any) -> Any:
    return checker._serialize(checker.deserialize(value), "", None)  # noqa: SLF001 - marshmallow's own extension point


def _option(option: Any) -> str:
    return str(option["value"]) if isinstance(option, Mapping) else str(option)


_known: dict[tuple[str, str], tuple[float, Mapping[str, Definition]]] = {}


def _key(session: Session, resource: str) -> tuple[str, str]:
    return str(session.get_bind().engine.url), resource
