"""What cases remembers of the languages of contacts, whom it does not own: enough to decide when a mail is told."""

from chassis.fields import Id, LocaleCode
from chassis.model import Mapped, column
from services.cases.domain.base import Model


class ContactLanguage(Model):
    """The language of one contact, as contacts told it last; who has none has no row.

    It keeps to the id that it was told of: a contact that was merged away has its own again when that is undone.
    """

    __tablename__ = "contact_languages"

    contact_id: Mapped[Id] = column(primary_key=True)
    language: Mapped[LocaleCode]
