"""How a service keeps the definitions of custom fields that administration tells: two reactions of one line each."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from chassis import custom_fields
from chassis.unit_of_work import UnitOfWork


class RetiredField(Protocol):
    """What an event says that names a custom field."""

    @property
    def resource(self) -> str:
        """Whose field it is."""

    @property
    def name(self) -> str:
        """The name in ``custom``."""


class DefinedField(RetiredField, Protocol):
    """What an event says that defines a custom field, wholly."""

    @property
    def kind(self) -> str:
        """One of ``custom_field_kinds.KINDS``."""

    @property
    def required(self) -> bool:
        """Whether new records must have a value."""

    @property
    def options(self) -> Sequence[Mapping[str, Any]]:
        """What can be chosen."""

    @property
    def labels(self) -> Mapping[str, str]:
        """What people read, by language."""

    @property
    def default(self) -> Any:
        """The value of new records that give none."""


def keep(uow: UnitOfWork, event: DefinedField) -> None:
    """Take a definition in, new or changed. Fields of other services' resources do no harm and are kept too."""
    custom_fields.define(
        uow.session,
        uow.metadata,
        resource=event.resource,
        name=event.name,
        kind=event.kind,
        required=event.required,
        options=list(event.options),
        labels=event.labels,
        default=event.default,
    )


def drop(uow: UnitOfWork, event: RetiredField) -> None:
    """Offer a field no longer; values already stored stay."""
    custom_fields.retire(uow.session, uow.metadata, resource=event.resource, name=event.name)
