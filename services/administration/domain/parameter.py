"""A parameter: a setting of the installation that somebody changed from its default."""

from typing import Any, ClassVar

from chassis.db.json_values import JsonDocument
from chassis.fields import Id, Instant, Internal, Name, ReadOnly, ShortText
from chassis.model import Aggregate, Mapped, column
from contracts.administration import ParameterChanged
from services.administration.domain.base import Model


class Parameter(Aggregate, Model):
    """The value that holds instead of the catalogue's default. Values are any JSON, kept as ``{"value": …}``."""

    __tablename__ = "parameters"
    resource: ClassVar[str] = "parameters"

    key: Mapped[ReadOnly[Name]] = column(unique=True)
    stored: Mapped[Internal[dict[str, Any]]] = column(JsonDocument)

    @property
    def value(self) -> Any:
        """The effective value."""
        return self.stored["value"]

    def set(self, value: Any, *, old: Any) -> None:
        """Make ``value`` the effective one."""
        self.stored = {"value": value}
        self.record(ParameterChanged(key=self.key, value=value, old=old))


class ParameterChange(Model):
    """One line of a parameter's history; never changed."""

    __tablename__ = "parameter_changes"

    id: Mapped[Id] = column(primary_key=True)
    key: Mapped[Name] = column(index=True)
    old_document: Mapped[Internal[dict[str, Any]]] = column(JsonDocument)
    new_document: Mapped[Internal[dict[str, Any]]] = column(JsonDocument)
    changed_at: Mapped[Instant]
    actor_id: Mapped[Id | None]
    actor_name: Mapped[ShortText]

    @property
    def old(self) -> Any:
        """The value before."""
        return self.old_document["value"]

    @property
    def new(self) -> Any:
        """The value since."""
        return self.new_document["value"]
