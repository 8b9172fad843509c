import sqlite3
import time
from types import SimpleNamespace

import pytest

from tests.unit.sdk.an_event import an_event
from trato_events import MemoryStore, SqliteStore, sqlite_store


@pytest.fixture(params=["memory", "sqlite"])
def store(request, tmp_path):
    if request.param == "memory":
        yield MemoryStore()
    else:
        store = SqliteStore(tmp_path / "store.sqlite3")
        yield store
        store.close()


def test_a_store_knows_what_was_handled_and_how_far_each_subject_is(store):
    assert (store.has(an_event()), store.last("leads/1")) == (False, None)
    store.add(an_event(sequence=4))
    store.add(an_event(sequence=4))
    assert (store.has(an_event()), store.last("leads/1"), store.last("leads/2")) == (True, 4, None)
    store.passed("leads/1", 2)
    assert store.last("leads/1") == 4
    store.passed("leads/1", 6)
    assert store.last("leads/1") == 6


def test_a_store_keeps_words(store):
    assert store.get("history") is None
    store.put("history", "a")
    store.put("history", "b")
    assert store.get("history") == "b"


def test_memory_is_bounded():
    store = MemoryStore(keeps=2)
    for number in range(4):
        store.add(an_event(f"e{number}", subject=f"leads/{number}"))
    assert [store.has(an_event(f"e{number}")) for number in range(4)] == [False, False, True, True]
    assert store.last("leads/0") is None


def test_a_file_outlives_the_program(tmp_path):
    one = SqliteStore(tmp_path / "s")
    one.add(an_event())
    one.put("a", "b")
    one.close()
    again = SqliteStore(tmp_path / "s")
    assert (again.has(an_event()), again.get("a"), again.last("leads/1")) == (True, "b", 1)
    again.close()


def test_own_tables_and_the_note_of_the_event_are_kept_together_or_not_at_all(tmp_path):
    store = SqliteStore(tmp_path / "s")
    with store.transaction() as connection:
        connection.execute("CREATE TABLE invoices (id TEXT PRIMARY KEY)")

    def handle(event):
        with store.transaction() as connection:
            connection.execute("INSERT INTO invoices VALUES ('i')")
            store.add(event)

    handle(an_event("e1"))
    with pytest.raises(sqlite3.IntegrityError):
        handle(an_event("e2"))
    assert (store.has(an_event("e1")), store.has(an_event("e2"))) == (True, False)
    store.add(an_event("e3"))
    assert store.has(an_event("e3")), "and the next one works as ever"
    store.close()


def test_what_was_handled_long_ago_is_forgotten_and_subjects_are_not(tmp_path, monkeypatch):
    store = SqliteStore(tmp_path / "s", keep_days=30)
    store.add(an_event("old"))
    later = time.time() + 31 * 86_400
    monkeypatch.setattr(sqlite_store, "time", SimpleNamespace(time=lambda: later))
    store.add(an_event("new", sequence=2))
    store.prune()
    assert [store.has(an_event(each)) for each in ("old", "new")] == [False, True]
    assert store.last("leads/1") == 2
    store.close()
