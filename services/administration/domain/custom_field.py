"""A custom field: one that the installation added to a resource."""

from typing import Any, ClassVar

from chassis.db.json_values import JsonDocument
from chassis.fields import Count, Flag, Instant, Internal, Name, ReadOnly, Slug, value, values
from chassis.indexes import unique
from chassis.model import Aggregate, Mapped, column
from contracts.administration import CustomFieldChanged, CustomFieldDefined, CustomFieldRetired
from services.administration.domain.base import Model
from services.administration.domain.field_kinds import FieldKind, Labels, Option, canonical, problems

MOST_OPTIONS = 200


class CustomField(Aggregate, Model):
    """The definition. Resource, name and kind never change; a retired field keeps what was stored in it."""

    __tablename__ = "fields"
    __table_args__ = (unique("on_resource", "name"),)
    resource: ClassVar[str] = "fields"

    on_resource: Mapped[Slug]
    name: Mapped[Name]
    kind: Mapped[FieldKind]
    required: Mapped[Flag] = column(default=False)
    labels: Mapped[Labels] = value(Labels)
    options: Mapped[list[Option]] = values(Option, most=MOST_OPTIONS)
    position: Mapped[Count] = column(default=0)
    retired_at: Mapped[ReadOnly[Instant] | None]
    default_document: Mapped[Internal[dict[str, Any]]] = column(JsonDocument, default=lambda: {"value": None})

    @property
    def default(self) -> Any:
        """The value of new records that give none, or None."""
        return self.default_document["value"]

    @default.setter
    def default(self, given: Any) -> None:
        self.default_document = {"value": given}

    def problems(self) -> list[tuple[str, str, str]]:
        """Return what does not make sense: pointer, English and Spanish sentence."""
        return problems(self.name, self.kind, self.options, self.default)

    def settle(self) -> None:
        """Keep the default in the form in which records keep their values; call it where there are no problems."""
        self.default = canonical(self.kind, self.options, self.default)

    def tell_defined(self) -> None:
        """Tell that the field is offered."""
        self.record(CustomFieldDefined(**self._definition()))

    def tell_changed(self) -> None:
        """Tell how the field is now."""
        self.record(CustomFieldChanged(**self._definition()))

    def tell_retired(self) -> None:
        """Tell that the field is offered no longer."""
        self.record(CustomFieldRetired(field_id=self.id, resource=self.on_resource, name=self.name))

    def _definition(self) -> dict[str, Any]:
        return {
            "field_id": self.id,
            "resource": self.on_resource,
            "name": self.name,
            "kind": self.kind.value,
            "required": self.required,
            "options": [
                {"value": option.value, "labels": {"es": option.labels.es, "en": option.labels.en}}
                for option in self.options
            ],
            "labels": {"es": self.labels.es, "en": self.labels.en},
            "default": self.default,
        }
