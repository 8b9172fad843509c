"""Looking into mailboxes for new mail."""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar, Final

from chassis.errands import Errand
from chassis.unit_of_work import UnitOfWork
from services.notifications.commands import mailboxes as commands
from services.notifications.commands.mailboxes import Brought, Visit
from services.notifications.queries import mailboxes


class LookIntoMailboxes(Errand[Visit, Brought]):
    """Looks into each mailbox at its intervals; a mailbox is looked into by one process at a time."""

    kind: ClassVar = "look-into-mailboxes"
    slots: ClassVar = 4
    seconds: ClassVar = 120.0

    def next_due(self, uow: UnitOfWork) -> datetime | None:
        """Return when the next mailbox is due."""
        return mailboxes.next_due(uow)

    def claim(self, uow: UnitOfWork, most: int) -> Sequence[Visit]:
        """Take mailboxes that are due."""
        return [commands.prepared(mailbox) for mailbox in mailboxes.take(uow, most, self.lease)]

    def do(self, item: Visit) -> Brought:
        """Look, and read what is new."""
        return commands.visit(item)

    def settle(self, uow: UnitOfWork, item: Visit, outcome: Brought | Exception) -> None:
        """Take in what came."""
        commands.settle(uow, item, outcome)


look_into_mailboxes: Final = LookIntoMailboxes()
