"""What every service does for itself at intervals: forget notes that have served their time."""

from datetime import timedelta
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from chassis import following, settings
from chassis.clock import utc_now
from chassis.db import tables
from chassis.jobs import ENDED
from chassis.timers import Due, every, timer
from chassis.unit_of_work import UnitOfWork

# A message cannot come back after this long: the retry ladder takes two hours, and replay may be repeated.
INBOX_DAYS: Final = 14
IDEMPOTENCY_HOURS: Final = 48
JOB_DAYS: Final = 30  # after its end; who asked for it has looked by then


@every(timedelta(minutes=10), "platform.forget-old-notes")
def forget_old_notes(uow: UnitOfWork) -> None:
    """Remove inbox rows after 14 days, idempotency keys after 48 hours, and jobs 30 days after they ended.

    Published events leave the log after ``TRATO_EVENT_LOG_DAYS``; unless that is set they stay for ever.
    """
    inbox, keys = tables.inbox(uow.metadata), tables.idempotency_keys(uow.metadata)
    jobs = tables.jobs(uow.metadata)
    now = utc_now()
    uow.session.execute(sa.delete(inbox).where(inbox.c.processed_at < now - timedelta(days=INBOX_DAYS)))
    uow.session.execute(sa.delete(keys).where(keys.c.created_at < now - timedelta(hours=IDEMPOTENCY_HOURS)))
    over = sa.and_(jobs.c.state.in_(ENDED), jobs.c.finished_at < now - timedelta(days=JOB_DAYS))
    uow.session.execute(sa.delete(jobs).where(over))
    _shorten_event_log(uow)


@timer(following.LATECOMERS)
def catch_up(uow: UnitOfWork, due: Due) -> None:
    """What was written while a merge was followed, by transactions that could not see it yet, follows as well."""
    following.repoint(uow, [UUID(id_) for id_ in due.data["ids"]])


def _shorten_event_log(uow: UnitOfWork) -> None:
    days = settings.load().event_log_days
    if days:
        outbox = tables.outbox(uow.metadata)
        old = outbox.c.occurred_at < utc_now() - timedelta(days=days)
        uow.session.execute(sa.delete(outbox).where(outbox.c.published_at.is_not(None), old))
