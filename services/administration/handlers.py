"""What administration does by itself: at an instant, again and again, or when it hears of custom fields."""

from datetime import timedelta
from uuid import UUID

from chassis.timers import Due, every, timer
from chassis.unit_of_work import UnitOfWork
from services.administration.commands import api_keys, roles, sessions
from services.administration.commands.endings import EXPIRY_TIMER


@timer(EXPIRY_TIMER)
def expire_api_key(uow: UnitOfWork, due: Due) -> None:
    """A key's last instant has come."""
    api_keys.expire_api_key(uow, UUID(due.key))


@every(timedelta(hours=1), "seed-roles")
def seed_roles(uow: UnitOfWork) -> None:
    """The product's roles exist, also after an upgrade that brought new permissions."""
    roles.seed_roles(uow)


@every(timedelta(hours=6), "forget-old-sessions")
def forget_old_sessions(uow: UnitOfWork) -> None:
    """Sessions and failures that are long over are forgotten."""
    sessions.forget_old(uow)
