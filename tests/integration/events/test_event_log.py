"""The event log stays for ever, or for as many days as the installation says."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from chassis import settings
from chassis.bus.housekeeping import forget_old_notes
from chassis.clock import utc_now
from chassis.context import NO_CALL
from chassis.db import tables
from chassis.db.database import Database
from chassis.ids import new_id
from chassis.unit_of_work import UnitOfWork


@pytest.fixture
def log(database_url):
    metadata = sa.MetaData()
    tables.attach(metadata)
    database = Database(database_url, metadata)
    metadata.create_all(database.engine)
    with database.write() as session:
        for sequence, (days, published) in enumerate([(400, True), (400, False), (1, True)], start=1):
            at = utc_now() - timedelta(days=days)
            session.execute(
                sa.insert(tables.outbox(metadata)).values(
                    event_id=new_id(), resource="people", aggregate_id=new_id(), sequence=sequence,
                    type="crm.contacts.contact_created.v1", data="{}", headers="{}", occurred_at=at,
                    published_at=at if published else None,
                )
            )  # fmt: skip
    yield database, metadata
    database.dispose()


def left_after_housekeeping(log):
    database, metadata = log
    with database.write() as session:
        forget_old_notes(UnitOfWork(session, metadata, NO_CALL))
    with database.read() as session:
        return list(session.scalars(sa.select(tables.outbox(metadata).c.sequence).order_by("sequence")))


def test_history_stays_for_ever_unless_somebody_says_otherwise(log):
    assert left_after_housekeeping(log) == [1, 2, 3]


def test_published_events_go_after_the_days_that_were_set_and_unpublished_ones_stay(log, monkeypatch):
    monkeypatch.setattr(settings, "load", lambda: settings.for_tests(event_log_days=365))
    assert left_after_housekeeping(log) == [2, 3]
