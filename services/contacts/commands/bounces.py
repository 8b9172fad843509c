"""What a mail that came back says of an address."""

from chassis.unit_of_work import UnitOfWork
from contracts.notifications import MessageBounced
from services.contacts.commands.contacts import recognise
from services.contacts.domain.reach import leads_nowhere
from services.contacts.queries import reached


def take_bounce(uow: UnitOfWork, event: MessageBounced) -> None:
    """Note on every contact with an address that it leads nowhere, where that is what the mail server said."""
    if not leads_nowhere(event.status):
        return
    for contact in reached.by_email(uow, event.address, [event.person_id, event.company_id]):
        if contact.invalidate_email(event.address, event.status):
            recognise(uow, contact, look_again=False)
