"""Which mailboxes there are, and which are due to be looked into."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from chassis.clock import utc_now
from chassis.db.filters import filters_for
from chassis.db.paging import Page, PageRequest
from chassis.unit_of_work import UnitOfWork
from services.notifications.domain.mailbox import Mailbox

MAILBOX_FILTERS = filters_for(Mailbox, default_sort=("name",))


def mailboxes(uow: UnitOfWork, page: PageRequest) -> Page[Mailbox]:
    """Return a page of mailboxes."""
    return page.apply(sa.select(Mailbox), uow.session)


def addresses(uow: UnitOfWork) -> list[str]:
    """Return the addresses of all mailboxes, as far as they are known."""
    rows = uow.session.execute(sa.select(Mailbox.address, Mailbox.username))
    return [found for address, username in rows if "@" in (found := address or username)]


def next_due(uow: UnitOfWork) -> datetime | None:
    """Return when the next mailbox is due."""
    found: datetime | None = uow.session.scalar(sa.select(sa.func.min(Mailbox.due_at)).where(Mailbox.active.is_(True)))
    return found


def take(uow: UnitOfWork, most: int, lease: timedelta) -> Sequence[Mailbox]:
    """Return mailboxes that are due, which nobody else looks into before the lease is over."""
    now = utc_now()
    query = sa.select(Mailbox).where(Mailbox.active.is_(True), Mailbox.due_at <= now).order_by(Mailbox.due_at)
    found = uow.session.scalars(query.limit(most).with_for_update(skip_locked=True)).all()
    for each in found:
        note(uow, each.id, due_at=now + lease)
    return found


def note(uow: UnitOfWork, mailbox_id: UUID, **facts: Any) -> None:
    """Note how looking goes, past the aggregate: whoever edits the mailbox must not meet a newer version."""
    uow.session.execute(
        sa.update(Mailbox)
        .where(Mailbox.id == mailbox_id)
        .values(updated_at=Mailbox.updated_at, **facts)
        .execution_options(synchronize_session=False)
    )
