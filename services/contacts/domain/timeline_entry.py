"""A line of a contact's history: an event, of whatever service, that names the contact."""

from typing import Any, Final

from chassis.db.json_values import JsonDocument
from chassis.fields import Id, Instant, Internal, Name, ReadOnly, ShortText
from chassis.ids import new_id
from chassis.indexes import index, unique
from chassis.model import Mapped, column
from services.contacts.domain.base import Model

# Whose permission decides over entries about a resource that has none of its own.
_READ_AS: Final = {
    "contact-merges": "people",
    "employments": "people",
    "contact-interests": "interests",
    "campaign-members": "campaigns",
}


class TimelineEntry(Model):
    """What happened, when, by whom, and to which record; who may read it is decided by that record's permission."""

    __tablename__ = "timeline_entries"
    __table_args__ = (
        unique("event_id", "contact_id"),
        index("ix_timeline_entries_contact", "contact_id", "occurred_at", "id"),
    )

    id: Mapped[ReadOnly[Id]] = column(primary_key=True, default=new_id)
    contact_id: Mapped[ReadOnly[Id]]
    event_id: Mapped[ReadOnly[Id]]
    type: Mapped[ReadOnly[ShortText]]
    source: Mapped[ReadOnly[Name]]
    resource: Mapped[ReadOnly[Name]] = column(doc="What the entry is about, such as leads.")
    subject_id: Mapped[ReadOnly[Id] | None] = column(index=True)
    occurred_at: Mapped[ReadOnly[Instant]]
    actor_id: Mapped[ReadOnly[Id] | None]
    actor_name: Mapped[ReadOnly[ShortText]] = column(default="")
    owner_id: Mapped[Internal[Id] | None]
    group_id: Mapped[Internal[Id] | None]
    read_as: Mapped[Internal[Name]]
    data: Mapped[ReadOnly[dict[str, Any]]] = column(JsonDocument, default=dict)

    def summed_up(self, summary: str | None) -> None:
        """Show what was said, where the entry is about an interaction."""
        self.__dict__["summary"] = summary


def read_as(resource: str) -> str:
    """Return the resource whose ``:read`` permission shows entries about ``resource``."""
    return _READ_AS.get(resource, resource)
