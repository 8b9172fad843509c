"""A segment: the people, or the companies, that a rule describes. Who belongs to it changes by itself."""

from typing import Any, ClassVar

from chassis.db.json_values import JsonDocument
from chassis.fields import Logged, LongText, Title
from chassis.model import Aggregate, Mapped, Owned, column
from contracts.contacts import ContactKind
from services.contacts.domain.base import Model


class Segment(Owned, Aggregate, Model):
    """A saved filter. ``filter`` is the tree that ``POST /v1/people/search``, or that of companies, takes."""

    __tablename__ = "segments"
    resource: ClassVar = "segments"
    search_fields: ClassVar = ("name", "description")

    name: Mapped[Logged[Title]]
    kind: Mapped[ContactKind] = column(default=ContactKind.PERSON, index=True)
    description: Mapped[Logged[LongText] | None]
    filter: Mapped[Logged[dict[str, Any]]] = column(JsonDocument)
