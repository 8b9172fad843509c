from decimal import Decimal

import pytest

from chassis import history
from chassis.money import Money
from tests.integration.data.conftest import ANA
from tests.integration.data.sample import Base, EmailAddress, Person, person


def changes(database, id_, **options):
    with database.read() as session:
        return history.of_record(session, Base.metadata, "people", id_, **options)


def test_a_marked_change_is_kept_with_who_when_and_why(work, database, noon):
    with work() as uow:
        id_ = uow.add(person(emails=[EmailAddress("a@b.es")])).id
    with work(actor=ANA, cause="rule", correlation_id="c-9") as uow:
        found = uow.change(Person, id_)
        found.first_name = "Eva"
        found.active = False
        found.emails = [EmailAddress("c@d.es")]
        found.worth = Money(Decimal("2.50"), "EUR")
    kept = {change.field: change for change in changes(database, id_)}
    assert set(kept) == {"first_name", "emails", "worth"}
    name = kept["first_name"]
    assert (name.old, name.new, name.actor_name, name.actor_id) == ("Ana", "Eva", "ana", ANA.user_id)
    assert (name.cause, name.correlation_id) == ("rule", "c-9")
    assert kept["emails"].new == [{"address": "c@d.es", "kind": "work", "note": None}]
    assert (kept["worth"].old, kept["worth"].new) == (None, {"amount": "2.50", "currency": "EUR"})


def test_an_amount_changes_while_its_currency_stays(work, database):
    with work() as uow:
        id_ = uow.add(person(worth=Money(Decimal("2.50"), "EUR"))).id
    with work() as uow:
        uow.change(Person, id_).worth = Money(Decimal("3.00"), "EUR")
    [change] = changes(database, id_)
    assert (change.old["amount"], change.new["amount"]) == ("2.50", "3.00")


def test_a_birth_and_an_equal_value_are_no_changes(work, database):
    with work() as uow:
        id_ = uow.add(person()).id
    with work() as uow:
        uow.change(Person, id_).first_name = "Ana"
    assert changes(database, id_) == []


def test_a_change_that_is_rolled_back_was_none(work, database):
    with work() as uow:
        id_ = uow.add(person()).id
    with pytest.raises(RuntimeError), work() as uow:  # noqa: PT012 - the block is the point
        uow.change(Person, id_).first_name = "Eva"
        uow.flush()
        raise RuntimeError
    assert changes(database, id_) == []


def test_a_long_value_is_kept_in_part_with_a_mark(work, database):
    with work() as uow:
        id_ = uow.add(person()).id
    with work() as uow:
        uow.change(Person, id_).notes = "x" * 9000
    (kept,) = changes(database, id_)
    assert kept.new.endswith(history.CUT)
    assert len(kept.new) < 2100


def test_history_is_read_newest_first_and_by_field(work, database):
    with work() as uow:
        id_ = uow.add(person()).id
    for name in ("Eva", "Lía", "Noa"):
        with work() as uow:
            uow.change(Person, id_).first_name = name
    assert [change.new for change in changes(database, id_, limit=2)] == ["Noa", "Lía"]
    assert changes(database, id_, fields=["last_name"]) == []
