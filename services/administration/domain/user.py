"""A user: a person or a program that signs in."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from chassis.context import Actor
from chassis.fields import Email, Flag, Instant, Internal, LocaleCode, Name, ReadOnly, ShortText, TimeZoneName
from chassis.indexes import paired
from chassis.model import Aggregate, CustomFields, Mapped, Owned, column
from contracts.administration import UserChanged, UserCreated, UserDeactivated
from services.administration.domain.base import Model
from services.administration.domain.group import Group
from services.administration.domain.role import Role
from services.administration.errors import UserIsDeactivated


class User(Owned, CustomFields, Aggregate, Model):
    """Somebody who may sign in. A user owns the own row, and stands in it for the primary group."""

    __tablename__ = "users"
    resource: ClassVar[str] = "users"
    search_fields: ClassVar[tuple[str, ...]] = ("username", "name", "email")

    username: Mapped[Name] = column(unique=True)
    name: Mapped[Name]
    email: Mapped[Email | None]
    locale: Mapped[LocaleCode] = column(default="es")
    time_zone: Mapped[TimeZoneName] = column(default="Europe/Madrid")
    active: Mapped[ReadOnly[Flag]] = column(default=True)
    deactivated_at: Mapped[ReadOnly[Instant] | None]
    must_change_password: Mapped[Flag] = column(default=False)
    password_hash: Mapped[Internal[ShortText] | None]
    password_changed_at: Mapped[ReadOnly[Instant] | None]
    last_log_in_at: Mapped[ReadOnly[Instant] | None]

    groups: Mapped[list[Group]] = paired("memberships", order_by=Group.name)
    roles: Mapped[list[Role]] = paired("user_roles", order_by=Role.name)

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.owner_id = self.id

    def be_born_to(self, actor: Actor) -> None:
        """A user is nobody's: the owner is the user, the group the user's own."""

    @property
    def group_ids(self) -> list[UUID]:
        """The groups this user is directly in."""
        return sorted(group.id for group in self.groups)

    @property
    def role_ids(self) -> list[UUID]:
        """The roles granted to this user, beside those of the groups."""
        return sorted(role.id for role in self.roles)

    def join(self, groups: Sequence[Group], *, primary: UUID | None) -> None:
        """Be in exactly these groups. Without ``primary`` the present one stays, if it is among them, or the first."""
        ids = [group.id for group in groups]
        self.groups = list(groups)
        wanted = primary if primary is not None else self.group_id
        self.group_id = wanted if wanted in ids else next(iter(ids), None)

    def set_password(self, hashed: str, *, at: datetime, must_change: bool) -> None:
        """Keep the hash of a new password."""
        self.password_hash, self.password_changed_at = hashed, at
        self.must_change_password = must_change

    def deactivate(self, *, at: datetime, handover_to: UUID | None) -> None:
        """End the right to sign in. Raise ``UserIsDeactivated`` where it ended before."""
        self.demand_active()
        self.active, self.deactivated_at = False, at
        self.record(UserDeactivated(user_id=self.id, handover_to=handover_to, deactivated_at=at))
        self.tell()

    def reactivate(self) -> None:
        """Give the right to sign in back; doing it twice changes nothing."""
        if not self.active:
            self.active, self.deactivated_at = True, None
            self.tell()

    def demand_active(self) -> None:
        """Raise ``UserIsDeactivated`` unless the user is active."""
        if not self.active:
            raise UserIsDeactivated(name=self.name)

    def tell_created(self) -> None:
        """Tell that the user exists."""
        self.record(UserCreated(**self._card()))

    def tell(self) -> None:
        """Tell how the user is now."""
        self.record(UserChanged(**self._card(), active=self.active))

    def _card(self) -> dict[str, Any]:
        return {
            "user_id": self.id,
            "username": self.username,
            "name": self.name,
            "email": self.email,
            "locale": self.locale,
            "time_zone": self.time_zone,
            "group_id": self.group_id,
            "group_ids": self.group_ids,
            "role_ids": self.role_ids,
        }
