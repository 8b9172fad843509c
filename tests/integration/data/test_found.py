"""A record that a prepared question found is the record that SQLAlchemy would have loaded."""

import uuid
from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa

from chassis.clock import utc_now
from chassis.context import Call
from chassis.db.found import Finding
from chassis.errors import NotFound
from chassis.fields import Id, ShortText
from chassis.indexes import ForeignKey
from chassis.model import Mapped, column
from chassis.money import Money
from chassis.unit_of_work import UnitOfWork
from tests.integration.data.conftest import ANA
from tests.integration.data.sample import Address, Base, EmailAddress, Kind, Person, person

FULL = {
    "last_name": "García",
    "born_on": date(1990, 2, 3),
    "met_at": utc_now(),
    "kind": Kind.HOME,
    "rank": 3,
    "share": Decimal("12.50"),
    "emails": [EmailAddress("ana@example.com"), EmailAddress("a@example.com", Kind.HOME, "rarely")],
    "tags": ["100 %"],
    "address": Address("Gran Vía 1", since=date(2020, 1, 1), deposit=Money(Decimal(5), "EUR")),
    "worth": Money(Decimal("7.25"), "USD"),
    "manager_id": uuid.UUID(int=9),
    "custom": {},
}


@pytest.fixture
def ana(work):
    with work() as uow:
        return uow.add(person(**FULL)).id


@pytest.fixture
def luis(work):
    with work() as uow:
        return uow.add(person("Luis")).id


def shown(record):
    names = [prop.key for prop in sa.inspect(Person).column_attrs if not prop.deferred]
    return {name: getattr(record, name) for name in (*names, "worth", "fee", "full_name")}


@pytest.mark.parametrize("whose", ["ana", "luis"])
def test_it_holds_what_sqlalchemy_loads_empty_or_full(request, database, work, whose):
    id_ = request.getfixturevalue(whose)
    with work() as uow:
        found = shown(uow.get(Person, id_))
    with database.read() as session:
        assert found == shown(session.get(Person, id_))


def test_what_is_changed_in_it_is_saved_and_what_is_not_keeps_its_version(work, ana, luis):
    with work() as uow:
        found = uow.get(Person, ana)
        found.apply({"worth": Money(Decimal(8), "USD"), "tags": ["10 %"], "address": None})
        uow.get(Person, luis).first_name = "Luis"
    with work() as uow:
        found = uow.get(Person, ana)
        assert (found.worth, found.tags, found.address, found.version) == (Money(Decimal(8), "USD"), ["10 %"], None, 2)
        assert uow.get(Person, luis).version == 1


def test_somebody_who_was_faster_is_noticed(work, ana):
    with work() as uow:
        uow.get(Person, ana).first_name = "Una"
        uow.session.connection().execute(sa.update(Person).values(version=5))
        with pytest.raises(sa.orm.exc.StaleDataError):
            uow.flush()
        uow.session.rollback()


def test_the_words_by_which_it_is_searched_follow_it(work, ana):
    with work() as uow:
        uow.get(Person, ana).first_name = "Íñigo"
    with work() as uow:
        assert "inigo" in uow.session.scalar(sa.select(Person.search_document).where(Person.id == ana))
        assert "inigo" in uow.get(Person, ana).search_document


def test_a_record_that_the_transaction_has_already_is_the_same_with_its_changes(work, ana):
    with work() as uow:
        first = uow.get(Person, ana)
        first.first_name = "Antes"
        assert uow.get(Person, ana) is first
        assert uow.get(Person, ana, lock=True).first_name == "Antes"
        assert uow.session.get(Person, ana) is first


def test_a_record_that_is_not_written_yet_is_found(work):
    with work() as uow:
        made = uow.add(person())
        assert uow.get(Person, made.id) is made


def test_what_is_in_the_bin_or_nowhere_is_not_found(work, ana):
    with work() as uow:
        uow.remove(uow.get(Person, ana))
    with work() as uow:
        for id_ in (ana, uuid.uuid4()):
            with pytest.raises(NotFound):
                uow.get(Person, id_)
        assert uow.get(Person, ana, deleted=True).id == ana


def test_who_may_reach_only_their_own_finds_only_their_own(database, work, ana):
    with work() as uow:
        mine = uow.add(person(owner_id=ANA.user_id)).id
    only_own = type(ANA)(user_id=ANA.user_id, name="ana", permissions={"people:read": "own"})
    with database.read() as session:
        uow = UnitOfWork(session, Base.metadata, Call(actor=only_own), "people:read")
        assert uow.get(Person, mine).id == mine
        with pytest.raises(NotFound):
            uow.get(Person, ana)


def test_records_of_a_join_stand_side_by_side_and_where_there_is_none_stands_none(work, ana, luis):
    with work() as uow:
        uow.session.add(Badge(id=uuid.UUID(int=1), person_id=ana, label="Puerta"))
    query = sa.select(Person, Badge).outerjoin(Badge, Badge.person_id == Person.id).order_by(Person.first_name)
    question = Finding(query.where(Person.score == sa.bindparam("score")), Person, Badge)
    with work() as uow:
        found = question.records(uow.session, {"score": 7})
        assert [(each.id, badge and badge.label) for each, badge in found] == [(ana, "Puerta"), (luis, None)]
        assert question.records(uow.session, {"score": 8}) == []


def test_only_records_of_one_row_are_found_so():
    with pytest.raises(AssertionError, match="more than one row"):
        Finding(sa.select(Chain), Chain)


class Badge(Base):
    """What opens a door."""

    __tablename__ = "sample_badges"

    id: Mapped[Id] = column(primary_key=True)
    person_id: Mapped[Id]
    label: Mapped[ShortText]


class Chain(Base):
    """Something with others of its kind behind it."""

    __tablename__ = "sample_chains"

    id: Mapped[Id] = column(primary_key=True)
    before_id: Mapped[Id] = column(ForeignKey("sample_chains.id"))
    behind = sa.orm.relationship("Chain")
