"""Those who want the same row come to it in the order in which they asked."""

import threading
import time

import pytest
from sqlalchemy.orm import Session

from chassis.db import turns
from chassis.db.turns import wait_for


@pytest.fixture
def bind(database):
    if database.dialect == "sqlite":
        pytest.skip("SQLite has one writer")
    return database.engine


def waiting(key):
    return len(turns._queues.get(key, ()))


def in_the_background(bind, key, done, name, ends):
    def work():
        with Session(bind) as session, session.begin():
            wait_for(session, key)
            done.append(name)
            ends.wait(60)

    thread = threading.Thread(target=work)
    thread.start()
    return thread


def until(held):
    end = time.monotonic() + 60
    while not held():
        assert time.monotonic() < end
        time.sleep(0.005)


def test_they_come_in_the_order_in_which_they_asked_and_nothing_is_left(bind, monkeypatch):
    monkeypatch.setattr(turns, "PATIENCE", 60.0)
    done, threads, ends = [], [], [threading.Event() for _ in range(4)]
    for place, end in enumerate(ends):
        threads.append(in_the_background(bind, "a row", done, place, end))
        until(lambda place=place: waiting("a row") == place + 1)

    for place, end in enumerate(ends):
        until(lambda place=place: done == list(range(place + 1)))
        end.set()
    for thread in threads:
        thread.join()

    assert waiting("a row") == 0


@pytest.mark.parametrize("how", ["commit", "rollback", "close"])
def test_the_turn_ends_with_the_transaction_however_it_ends(bind, how):
    session = Session(bind)
    session.begin()
    wait_for(session, "a row")
    wait_for(session, "a row")
    with session.begin_nested():
        pass
    assert waiting("a row") == 1

    getattr(session, how)()

    assert waiting("a row") == 0


def test_who_waited_long_enough_goes_on_so_that_the_database_can_notice_a_deadlock(bind, monkeypatch):
    monkeypatch.setattr(turns, "PATIENCE", 0.05)
    end, done = threading.Event(), []
    thread = in_the_background(bind, "a row", done, "first", end)
    until(lambda: done == ["first"])

    with Session(bind) as session, session.begin():
        wait_for(session, "a row")
        assert waiting("a row") == 2
    assert waiting("a row") == 1

    end.set()
    thread.join()
    assert waiting("a row") == 0


def test_different_rows_do_not_wait_for_each_other(bind, monkeypatch):
    monkeypatch.setattr(turns, "PATIENCE", 60.0)
    with Session(bind) as one, one.begin(), Session(bind) as other, other.begin():
        wait_for(one, "a row")
        began = time.monotonic()
        wait_for(other, "another row")
        assert time.monotonic() - began < turns.PATIENCE / 2
