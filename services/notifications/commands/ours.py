"""Which addresses are our own: nobody takes part in a conversation with us by them, and we never write to them."""

from collections.abc import Iterable
from dataclasses import dataclass

from chassis import settings
from chassis.unit_of_work import UnitOfWork
from services.notifications.adapters.outgoing import own_address
from services.notifications.domain.parsed_mail import is_own
from services.notifications.queries import mailboxes


@dataclass(frozen=True)
class Ours:
    """``main`` is where our mails come from; ``others`` are those of the mailboxes that we look into."""

    main: str
    others: frozenset[str]

    def __contains__(self, address: str) -> bool:
        """Whether an address is ours, with or without an extension."""
        return any(is_own(address, own) for own in (self.main, *self.others))

    def without(self, addresses: Iterable[str]) -> list[str]:
        """Return the addresses that are not ours, in their order."""
        return [each for each in addresses if each not in self]


def ours(uow: UnitOfWork) -> Ours:
    """Return our own addresses."""
    return Ours(own_address(settings.load()), frozenset(uow.once(mailboxes.addresses)))
