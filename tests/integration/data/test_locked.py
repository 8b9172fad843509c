"""What a transaction has locked is written with its commit, and is as true as if it had been written at once."""

import pytest

from chassis.context import SYSTEM, Call
from chassis.unit_of_work import UnitOfWork
from tests.integration.data.sample import Base, Person, person


@pytest.fixture
def ana(work):
    with work() as uow:
        return uow.add(person()).id


def stored(database, id_):
    with database.read() as session:
        found = UnitOfWork(session, Base.metadata, Call(actor=SYSTEM)).get(Person, id_)
        return found.first_name, found.version


def test_a_locked_record_that_changed_is_written_once_with_its_next_version(work, database, ana):
    with work() as uow:
        found = uow.get(Person, ana, lock=True)
        found.first_name = "Ana María"
        before = found.updated_at

    assert stored(database, ana) == ("Ana María", 2)
    assert (found.version, found.updated_at > before) == (2, True)


def test_one_that_did_not_change_keeps_its_version(work, database, ana):
    with work() as uow:
        found = uow.get(Person, ana, lock=True)
        found.first_name = str(found.first_name)

    assert stored(database, ana) == ("Ana", 1)


def test_it_may_be_changed_again_after_it_was_written(work, database, ana):
    with work() as uow:
        found = uow.get(Person, ana, lock=True)
        found.first_name = "Una"
        uow.flush()
        found.first_name = "Otra"
        uow.session.flush()
        found.first_name = "Última"

    assert stored(database, ana) == ("Última", 4)


def test_what_a_savepoint_undid_is_undone_in_the_record_too(work, database, ana):
    with work() as uow:
        found = uow.get(Person, ana, lock=True)
        found.first_name = "Antes"
        with pytest.raises(RuntimeError), uow.savepoint():
            _fail_after(lambda: (setattr(found, "first_name", "Dentro"), uow.flush()))
        assert (found.first_name, found.version) == ("Antes", 2)
        found.first_name = f"{found.first_name} y después"

    assert stored(database, ana) == ("Antes y después", 3)


def test_a_lock_that_a_savepoint_gave_up_is_no_lock(work, database, ana):
    with work() as uow:
        with pytest.raises(RuntimeError), uow.savepoint():
            _fail_after(lambda: uow.get(Person, ana, lock=True))
        assert uow._locked == []


def test_a_locked_record_that_the_savepoint_made_is_gone_with_it(work, database):
    made = person()
    with work() as uow:
        with pytest.raises(RuntimeError), uow.savepoint():
            _fail_after(lambda: (uow.add(made), uow.flush(), uow.get(Person, made.id, lock=True)))
        uow.add(person("Luis"))

    with database.read() as session:
        assert [each.first_name for each in session.query(Person)] == ["Luis"]


def _fail_after(work):
    work()
    raise RuntimeError
