"""What every service does for itself at intervals: forget notes that have served their time."""

from datetime import timedelta
from typing import Final

import sqlalchemy as sa

from chassis.clock import utc_now
from chassis.db import tables
from chassis.timers import every
from chassis.unit_of_work import UnitOfWork

# A message cannot come back after this long: the retry ladder takes two hours, and replay may be repeated.
INBOX_DAYS: Final = 14
IDEMPOTENCY_HOURS: Final = 48


@every(timedelta(minutes=10), "platform.forget-old-notes")
def forget_old_notes(uow: UnitOfWork) -> None:
    """Remove inbox rows after 14 days and idempotency keys after 48 hours."""
    inbox, keys = tables.inbox(uow.metadata), tables.idempotency_keys(uow.metadata)
    now = utc_now()
    uow.session.execute(sa.delete(inbox).where(inbox.c.processed_at < now - timedelta(days=INBOX_DAYS)))
    uow.session.execute(sa.delete(keys).where(keys.c.created_at < now - timedelta(hours=IDEMPOTENCY_HOURS)))
