"""What contacts tells of languages, remembered for the moment when a customer is written to."""

from chassis.reactions import on
from chassis.unit_of_work import UnitOfWork
from contracts.contacts import ContactLanguageChanged
from services.cases.queries import contact_languages


@on(ContactLanguageChanged)
def know_language(uow: UnitOfWork, event: ContactLanguageChanged) -> None:
    """The next mail about a case of theirs is in that language; those that went stay as they are."""
    contact_languages.keep(uow, event.contact_id, event.language)
