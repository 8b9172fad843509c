"""The catalogue of what a contact may be to us: customer, supplier, partner and what an installation adds."""

from typing import ClassVar

from chassis.fields import Flag, Logged, Slug, value
from chassis.model import Aggregate, Mapped, column
from chassis.translated import Translated
from services.contacts.domain.base import Model


class LinkKind(Aggregate, Model):
    """One kind of link; contacts hold its slug, and several of them at once."""

    __tablename__ = "link_kinds"
    resource: ClassVar = "link-kinds"

    slug: Mapped[Slug] = column(unique=True)
    name: Mapped[Logged[Translated]] = value(Translated)
    active: Mapped[Logged[Flag]] = column(default=True)
