"""The next number of a case, given out in the transaction that uses it: what is undone leaves no gap."""

from typing import Any, Final

from sqlalchemy.dialects import postgresql, sqlite

from chassis.db.prepared import Prepared, run
from chassis.db.turns import wait_for
from chassis.unit_of_work import UnitOfWork
from services.cases.domain.numbering import CaseNumber

_TABLE: Final[Any] = CaseNumber.__table__
_COUNTING: Final = {
    name: Prepared(
        dialect.insert(_TABLE)
        .on_conflict_do_update(index_elements=["series"], set_={"last": _TABLE.c.last + 1})
        .returning(_TABLE.c.last),
        ["series", "last"],
    )
    for name, dialect in (("postgresql", postgresql), ("sqlite", sqlite))
}


def next_number(uow: UnitOfWork, series: str) -> int:
    """Return the next number of a series. Others who want one wait, in turn, until this transaction has ended."""
    wait_for(uow.session, (uow.metadata, series))
    statement = _COUNTING[uow.session.get_bind().dialect.name]
    return int(run(uow.session, [(statement, {"series": series, "last": 1})])[0][0])
