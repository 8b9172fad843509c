"""What is done with custom fields."""

from typing import Any, Final
from uuid import UUID

from chassis.clock import utc_now
from chassis.i18n import choose
from chassis.unit_of_work import UnitOfWork
from services.administration.commands import log
from services.administration.domain.custom_field import CustomField
from services.administration.errors import FieldDefinitionInvalid
from services.administration.queries import catalogue

_FIXED: Final = ("on_resource", "name", "kind")
_UNKNOWN: Final = ("/resource", "There is no such resource.", "No existe ese recurso.")
_NEVER: Final = ("This never changes.", "Esto no cambia nunca.")


def create_field(uow: UnitOfWork, **data: Any) -> CustomField:
    """Add a field to a resource. Raise ``FieldDefinitionInvalid`` naming what does not make sense."""
    field = CustomField(**data)
    unknown = [] if field.on_resource in catalogue.resource_names() else [_UNKNOWN]
    _demand(uow, [*unknown, *field.problems()])
    field.settle()
    uow.add(field)
    field.tell_defined()
    log.note(uow, "fields.defined", record_id=field.id, label=_label(field), after=_logged(field))
    return field


def update_field(uow: UnitOfWork, field_id: UUID, **changes: Any) -> CustomField:
    """Change labels, options, default, position or obligation. Resource, name and kind never change."""
    field = uow.change(CustomField, field_id)
    fixed = [name for name in _FIXED if name in changes and changes[name] != getattr(field, name)]
    _demand(uow, [(f"/{name.removeprefix('on_')}", *_NEVER) for name in fixed])
    before = _logged(field)
    field.apply(changes)
    _demand(uow, field.problems())
    field.settle()
    after = _logged(field)
    if before != after:
        if field.retired_at is None:
            field.tell_changed()
        log.note(uow, "fields.changed", record_id=field.id, label=_label(field), before=before, after=after)
    return field


def retire_field(uow: UnitOfWork, field_id: UUID) -> CustomField:
    """Offer a field no longer; retiring it twice changes nothing."""
    field = uow.change(CustomField, field_id)
    if field.retired_at is None:
        field.retired_at = utc_now()
        field.tell_retired()
        log.note(uow, "fields.retired", record_id=field.id, label=_label(field))
    return field


def restore_field(uow: UnitOfWork, field_id: UUID) -> CustomField:
    """Offer a retired field again; restoring it twice changes nothing."""
    field = uow.change(CustomField, field_id)
    if field.retired_at is not None:
        field.retired_at = None
        field.tell_defined()
        log.note(uow, "fields.restored", record_id=field.id, label=_label(field))
    return field


def _label(field: CustomField) -> str:
    return f"{field.on_resource}.{field.name}"


def _logged(field: CustomField) -> dict[str, Any]:
    plain = log.plain(field, *_FIXED, "required", "position", "default")
    return {
        **plain,
        "labels": {"es": field.labels.es, "en": field.labels.en},
        "options": [option.value for option in field.options],
    }


def _demand(uow: UnitOfWork, problems: list[tuple[str, str, str]]) -> None:
    if problems:
        locale = uow.call.locale
        raise FieldDefinitionInvalid(
            errors=[
                {"pointer": pointer, "detail": choose({"en": en, "es": es}, locale)} for pointer, en, es in problems
            ]
        )
