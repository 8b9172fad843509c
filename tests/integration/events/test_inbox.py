"""What a service has handled is looked up by index, however fast its inbox grows."""

import pytest
import sqlalchemy as sa

from chassis.bus.inbox import Inbox
from chassis.clock import utc_now
from chassis.db import tables
from chassis.db.database import Database
from chassis.envelope import Envelope
from chassis.ids import new_id
from chassis.model import new_metadata

METADATA = new_metadata()


@pytest.fixture
def database(database_url):
    found = Database(database_url, METADATA)
    found.create_all()
    yield found
    found.dispose()


def told(number):
    facts = {"source": "/crm/x", "type": "crm.x.y.v1", "time": utc_now(), "sequence": 1, "data": {}}
    return [Envelope(id=new_id(), subject=f"things/{each}", **facts) for each in range(number)]


def test_what_was_handled_is_known_and_nothing_else(database):
    inbox, (old, new) = Inbox("sales", METADATA), told(2)
    with database.write() as session:
        inbox.note(session, [("sales.a", old.id), ("sales.b", old.id)])
    with database.read() as session:
        done, waiting = inbox.known(session, [old, new])
    assert (done, waiting) == ({("sales.a", old.id), ("sales.b", old.id)}, {})


@pytest.mark.postgres
def test_it_is_looked_up_by_index_also_when_it_grew_since_it_was_asked_first(postgres):
    database = Database(postgres.url, METADATA, pool_size=1)
    database.create_all()
    inbox, batch = Inbox("sales", METADATA), told(24)
    note_many(database, 100)
    with database.write() as session:
        session.execute(sa.text("ANALYZE inbox"))
    ask_often(database, inbox, batch)
    note_many(database, 20_000)
    before = read_in_sequence(database)
    ask_often(database, inbox, batch)
    assert read_in_sequence(database) == before
    database.dispose()


def note_many(database, number):
    rows = [{"consumer": "sales.a", "event_id": new_id(), "processed_at": utc_now()} for _ in range(number)]
    with database.write() as session:
        session.execute(sa.insert(tables.inbox(METADATA)), rows)


def ask_often(database, inbox, batch):
    """Ask more often than the five times after which PostgreSQL settles for one plan."""
    for _ in range(10):
        with database.write() as session:
            inbox.known(session, batch)


def read_in_sequence(database):
    """Return how many rows of the inbox were read one after the other, by whomever."""
    with database.read() as session:
        session.execute(sa.text("SELECT pg_stat_force_next_flush()"))
        query = "SELECT seq_tup_read FROM pg_stat_user_tables WHERE relname = 'inbox'"
        return session.scalar(sa.text(query))
