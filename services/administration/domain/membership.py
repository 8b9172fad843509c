"""Who is in which group, and which roles were granted to whom: plain pairs."""

from chassis.fields import Id
from chassis.indexes import ForeignKey
from chassis.model import Mapped, column
from services.administration.domain.base import Model


class Membership(Model):
    """A user is directly in a group."""

    __tablename__ = "memberships"

    user_id: Mapped[Id] = column(ForeignKey("users.id"), primary_key=True)
    group_id: Mapped[Id] = column(ForeignKey("groups.id"), primary_key=True, index=True)


class UserRole(Model):
    """A role granted to a user."""

    __tablename__ = "user_roles"

    user_id: Mapped[Id] = column(ForeignKey("users.id"), primary_key=True)
    role_id: Mapped[Id] = column(ForeignKey("roles.id"), primary_key=True, index=True)


class GroupRole(Model):
    """A role granted to a group, and so to everybody in it, directly or by nesting."""

    __tablename__ = "group_roles"

    group_id: Mapped[Id] = column(ForeignKey("groups.id"), primary_key=True)
    role_id: Mapped[Id] = column(ForeignKey("roles.id"), primary_key=True, index=True)
