"""Cases that become one, or two: holding them, and moving what was said and what is to be done."""

from collections.abc import Collection, Sequence
from uuid import UUID

import sqlalchemy as sa

from chassis.errors import NotFound
from chassis.unit_of_work import UnitOfWork
from services.cases.domain.case import Case
from services.cases.domain.entry import Entry
from services.cases.domain.task import CaseTask


def held(uow: UnitOfWork, case_ids: Collection[UUID]) -> dict[UUID, Case]:
    """Return cases that the caller may see; whoever wants to change one of them waits. Raises ``NotFound``."""
    # In one order for everybody: two who merge the same cases in each other wait, and do not block each other.
    query = uow.scoped(sa.select(Case).where(Case.id.in_(case_ids)), Case).order_by(Case.id).with_for_update()
    found = {each.id: each for each in uow.session.scalars(query)}
    for missing in sorted(set(case_ids) - set(found)):
        raise NotFound(resource=Case.resource, id=str(missing))
    return found


def entries_of(uow: UnitOfWork, case_id: UUID) -> Sequence[Entry]:
    """Return everything that was said in a case, in order."""
    query = sa.select(Entry).where(Entry.case_id == case_id).order_by(Entry.at, Entry.id)
    return uow.session.scalars(query).all()


def take_over(uow: UnitOfWork, absorbed: Case, survivor: Case) -> int:
    """Move what was said and what is to be done, and who had been absorbed before; returns how much was said."""
    uow.session.flush()
    moving: list[sa.Update] = [
        sa.update(Entry)
        .where(Entry.case_id == absorbed.id)
        .values(
            case_id=survivor.id,
            moved_from_id=sa.func.coalesce(Entry.moved_from_id, Entry.case_id),
            version=Entry.version + 1,
        ),
        sa.update(CaseTask)
        .where(CaseTask.case_id == absorbed.id)
        .values(case_id=survivor.id, version=CaseTask.version + 1),
        sa.update(Case)
        .where(Case.merged_into_id == absorbed.id)
        .values(merged_into_id=survivor.id, version=Case.version + 1),
    ]
    said = uow.session.scalar(sa.select(sa.func.count()).where(Entry.case_id == absorbed.id)) or 0
    for statement in moving:
        uow.session.execute(statement.execution_options(synchronize_session=False))
    return said
