"""A role: a named set of permissions."""

from collections.abc import Iterable
from typing import ClassVar

from chassis.fields import Flag, Internal, LongText, Name, ReadOnly, ShortText, values
from chassis.model import Aggregate, Mapped, column
from contracts.administration import RoleChanged
from services.administration.domain import permissions as sets
from services.administration.domain.base import Model

MOST_PERMISSIONS = 500


class Role(Aggregate, Model):
    """What its holders may do. ``seeded`` ones came with the product and may be changed like any other."""

    __tablename__ = "roles"
    resource: ClassVar[str] = "roles"

    name: Mapped[Name] = column(unique=True)
    description: Mapped[LongText | None]
    permissions: Mapped[list[ShortText]] = values(ShortText, most=MOST_PERMISSIONS)
    seeded: Mapped[ReadOnly[Flag]] = column(default=False)
    # What the product's seed already gave once: an upgrade adds what is new, and never what was taken away here.
    seeded_with: Mapped[Internal[list[ShortText]]] = values(ShortText, most=MOST_PERMISSIONS)

    def allow(self, permissions: Iterable[str]) -> None:
        """Replace what the role gives, in its shortest sorted form. Tell nothing: ``tell`` does, once."""
        self.permissions = sets.texts(sets.grants(permissions))

    def seed(self, permissions: Iterable[str]) -> bool:
        """Add what the seed has and never gave before. Return whether anything was new."""
        new = [permission for permission in permissions if permission not in self.seeded_with]
        if new:
            self.seeded_with = sorted({*self.seeded_with, *new})
            self.allow([*self.permissions, *new])
        return bool(new)

    def tell(self, *, removed: bool = False) -> None:
        """Tell how the role is now."""
        self.record(RoleChanged(role_id=self.id, name=self.name, permissions=list(self.permissions), removed=removed))
