"""What a contact is recognised by: normalised values, written with the contact and found by index."""

from chassis.fields import Id, Internal, ShortText
from chassis.model import Mapped, column
from services.contacts.domain.base import Model


class MatchKey(Model):
    """One value by which another record of the same contact would be found."""

    __tablename__ = "match_keys"

    key: Mapped[ShortText] = column(primary_key=True)
    contact_id: Mapped[Id] = column(primary_key=True, index=True)
    detail: Mapped[Internal[ShortText]] = column(default="", doc="What is compared once the key is equal.")
