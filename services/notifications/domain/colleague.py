"""What notifications remembers of the users of the suite, whom it does not own: how to reach them, and their groups."""

from typing import Any, ClassVar

from chassis.db.json_values import JsonDocument
from chassis.fields import Email, Flag, Id, LocaleCode, Name, ShortText
from chassis.indexes import ForeignKey
from chassis.model import Mapped, column
from services.notifications.domain.base import Model


class Colleague(Model):
    """A user's card, as administration told it last. ``sequence`` is the number of that event."""

    __tablename__ = "colleagues"
    resource: ClassVar = "users"

    id: Mapped[Id] = column(primary_key=True)
    name: Mapped[ShortText]
    email: Mapped[Email | None]
    locale: Mapped[LocaleCode] = column(default="es")
    active: Mapped[Flag] = column(default=True)
    roles: Mapped[dict[str, Any]] = column(JsonDocument, default=dict)

    @property
    def role_ids(self) -> list[str]:
        """The roles that the user holds directly."""
        return list(self.roles.get("ids", ()))


class ColleagueGroup(Model):
    """One user in one group, the primary one included."""

    __tablename__ = "colleague_groups"

    user_id: Mapped[Id] = column(ForeignKey("colleagues.id", ondelete="CASCADE"), primary_key=True)
    group_id: Mapped[Id] = column(primary_key=True, index=True)


class KnownGroup(Model):
    """A group, what it is inside of, and the roles that it gives to its members."""

    __tablename__ = "known_groups"

    id: Mapped[Id] = column(primary_key=True)
    name: Mapped[Name]
    parent_id: Mapped[Id | None]
    roles: Mapped[dict[str, Any]] = column(JsonDocument, default=dict)

    @property
    def role_ids(self) -> list[str]:
        """The roles that members hold by being members."""
        return list(self.roles.get("ids", ()))


class KnownRole(Model):
    """A role by its name."""

    __tablename__ = "known_roles"

    id: Mapped[Id] = column(primary_key=True)
    name: Mapped[Name] = column(index=True)
