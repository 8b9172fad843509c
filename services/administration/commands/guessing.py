"""Slowing down whoever guesses passwords, by user name and by address."""

import math
from datetime import timedelta
from uuid import UUID

from chassis.clock import utc_now
from chassis.credentials import hash_secret
from chassis.unit_of_work import UnitOfWork
from services.administration.domain.log_in_delay import Slowed
from services.administration.errors import LogInDelayed
from services.administration.queries import credentials, parameters

# The same for names that exist and names that do not; a name is hashed because people type passwords there.
_Brakes = list[tuple[Slowed, str]]


def demand_patience(uow: UnitOfWork, username: str, address: str | None) -> None:
    """Raise ``LogInDelayed`` while the name or the address has to wait."""
    until = credentials.blocked_until(uow.session, _brakes(username, address))
    now = utc_now()
    if until is not None and until > now:
        raise LogInDelayed(retry_after=math.ceil((until - now).total_seconds()))


def count_failure(uow: UnitOfWork, username: str, address: str | None, *, user_id: UUID | None) -> None:
    """Count one failure for the name and for the address."""
    longest = timedelta(seconds=parameters.value(uow.session, "log_in.max_delay_seconds"))
    now = utc_now()
    for slowed, key in _brakes(username, address):
        brake = credentials.brake(uow.session, slowed, key)
        brake.count_failure(slowed, at=now, longest=longest, user_id=user_id, address=address)


def forgive(uow: UnitOfWork, username: str) -> None:
    """Forget the failures of a name whose owner came in; an address goes on being watched."""
    credentials.release(uow.session, _brakes(username, None))


def _brakes(username: str, address: str | None) -> _Brakes:
    brakes: _Brakes = [("username", hash_secret(username))]
    if address:
        brakes.append(("address", hash_secret(address)))
    return brakes
