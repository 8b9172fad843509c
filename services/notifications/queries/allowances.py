"""How often we wrote to an address by ourselves lately, and what the installation allows."""

from collections.abc import Iterable, Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from chassis.unit_of_work import UnitOfWork
from services.notifications.domain.allowance import Allowance


def locked(uow: UnitOfWork, address_keys: Iterable[str], at: datetime) -> Mapping[str, Allowance]:
    """Return the allowances of these addresses; until the commit nobody else lets a mail to them go by itself."""
    keys = sorted(set(address_keys))
    if not keys:
        return {}
    dialect = sqlite if uow.session.get_bind().dialect.name == "sqlite" else postgresql
    # One order for everybody, so that no two wait for each other.
    for key in keys:
        begun = {"address_key": key, "gone": [], "held_back": 0, "last_at": at}
        insert = dialect.insert(Allowance).values(begun)
        uow.session.execute(insert.on_conflict_do_nothing(index_elements=["address_key"]))
    query = sa.select(Allowance).where(Allowance.address_key.in_(keys)).order_by(Allowance.address_key)
    found = uow.session.scalars(query.with_for_update().execution_options(populate_existing=True))
    return {each.address_key: each for each in found}


def forget(uow: UnitOfWork, before: datetime) -> None:
    """Forget the addresses that we have not written to by ourselves since an instant."""
    uow.session.execute(sa.delete(Allowance).where(Allowance.last_at < before))
