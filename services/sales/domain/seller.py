"""What sales remembers of users and groups, to share work out among them."""

from chassis.fields import Flag, Id, ShortText
from chassis.model import Mapped, column
from services.sales.domain.base import Model


class Seller(Model):
    """A user, as administration last told of them."""

    __tablename__ = "sellers"

    user_id: Mapped[Id] = column(primary_key=True)
    name: Mapped[ShortText]
    group_id: Mapped[Id | None] = column(doc="Where the user's records are born.")
    active: Mapped[Flag] = column(default=True)


class SellerGroup(Model):
    """A user is a member of a group."""

    __tablename__ = "seller_groups"

    user_id: Mapped[Id] = column(primary_key=True)
    group_id: Mapped[Id] = column(primary_key=True, index=True)
