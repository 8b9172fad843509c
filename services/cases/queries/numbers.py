"""The next number of a case, given out in the transaction that uses it: what is undone leaves no gap."""

from sqlalchemy.dialects import postgresql, sqlite

from chassis.unit_of_work import UnitOfWork
from services.cases.domain.numbering import CaseNumber


def next_number(uow: UnitOfWork, series: str) -> int:
    """Return the next number of a series. Others who want one wait until this transaction has ended."""
    dialect = sqlite if uow.session.get_bind().dialect.name == "sqlite" else postgresql
    table = CaseNumber.__table__
    insert = dialect.insert(table).values(series=series, last=1)
    counted = insert.on_conflict_do_update(index_elements=["series"], set_={"last": table.c.last + 1})
    return int(uow.session.connection().execute(counted.returning(table.c.last)).scalar_one())
