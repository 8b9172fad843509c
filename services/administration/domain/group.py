"""A group: users who work together, inside another group or at the top."""

from typing import ClassVar
from uuid import UUID

from chassis.fields import Email, Flag, Id, LongText, Name
from chassis.indexes import ForeignKey, paired
from chassis.model import Aggregate, CustomFields, Mapped, column
from contracts.administration import GroupChanged
from services.administration.domain.base import Model
from services.administration.domain.role import Role


class Group(CustomFields, Aggregate, Model):
    """A node of the tree. ``inherits`` lets the roles of the groups above come down to it."""

    __tablename__ = "groups"
    resource: ClassVar[str] = "groups"
    search_fields: ClassVar[tuple[str, ...]] = ("name", "description", "email")

    name: Mapped[Name] = column(unique=True)
    description: Mapped[LongText | None]
    email: Mapped[Email | None]
    parent_id: Mapped[Id | None] = column(ForeignKey("groups.id"), index=True)
    inherits: Mapped[Flag] = column(default=True)

    roles: Mapped[list[Role]] = paired("group_roles", order_by=Role.name)

    @property
    def role_ids(self) -> list[UUID]:
        """The roles granted to this group itself."""
        return sorted(role.id for role in self.roles)

    def tell(self, *, removed: bool = False) -> None:
        """Tell how the group is now."""
        self.record(
            GroupChanged(
                group_id=self.id,
                name=self.name,
                parent_id=self.parent_id,
                inherits=self.inherits,
                role_ids=self.role_ids,
                removed=removed,
            )
        )
