"""Holding back what we send by ourselves too often to one address, so that two programs do not answer each other."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from chassis import parameters
from chassis.clock import utc_now
from chassis.unit_of_work import UnitOfWork
from contracts.consents import ConsentChannel, Purpose, address_key
from contracts.parameters import AUTOMATIC_REPLIES_PER_HOUR
from services.notifications.domain.allowance import RULE, Allowance
from services.notifications.domain.message import Message, Problem
from services.notifications.queries import allowances

_WAITS = "automatic mail waits: this address got one by itself within the hour"
_SAID = "this address got as many automatic mails within the hour as the installation allows ({limit})"


@dataclass(frozen=True, kw_only=True)
class Limit:
    """How much may go to some addresses, which nobody else writes to by itself until the commit."""

    per_hour: int
    at: datetime
    known: Mapping[str, Allowance]

    def held_back(self, message: Message, left_out: Collection[str]) -> list[Problem] | None:
        """Return which recipients of a message do not get it because they got too many; None where it waits.

        A survey waits for its hour, anything else would come too late. A mail that was let go once is let go
        again when it is tried again.
        """
        if not message.automatic:
            return []
        if message.let_go_at is not None:
            return [each for each in message.problems if each.code == RULE]
        wanted = [each for each in message.recipients if each not in left_out]
        free = {each: self.known[key_of(each)].free_at(self.at, self.per_hour) for each in wanted}
        if message.purpose is Purpose.SURVEY and self.per_hour and (later := max(free.values())) > self.at:
            message.hold(_WAITS, later)
            return None
        message.let_go_at = self.at
        problems = []
        for address, free_at in free.items():
            if free_at > self.at:
                self.known[key_of(address)].hold_back(self.at)
                said = _SAID.format(limit=self.per_hour)
                problems.append(Problem(address=address, code=RULE, said=said, at=self.at))
            else:
                self.known[key_of(address)].let_go(self.at)
        return problems


def limit_for(uow: UnitOfWork, messages: Iterable[Message]) -> Limit:
    """Return what the installation allows for messages that are about to go."""
    at = utc_now()
    keys = {key_of(each) for message in messages if message.automatic for each in message.recipients}
    per_hour = parameters.value(uow, AUTOMATIC_REPLIES_PER_HOUR) if keys else 0
    return Limit(per_hour=per_hour, at=at, known=allowances.locked(uow, keys, at))


def key_of(address: str) -> str:
    """Return what stands for an address; a mailbox with a ``+tag`` is the mailbox."""
    key = address_key(ConsentChannel.EMAIL, address)
    assert key is not None, "mail addresses have keys"
    return key
