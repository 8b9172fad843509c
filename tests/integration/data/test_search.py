import pytest
import sqlalchemy as sa

from chassis.db import search
from chassis.db.paging import PageRequest
from tests.integration.data.sample import PERSON_FILTERS, Person, person


def found(database, words, *, query=None, **params):
    request = PageRequest.parse({"q": words, **params}, PERSON_FILTERS, secret="s" * 32)
    with database.read() as session:
        return request.apply(sa.select(Person) if query is None else query, session)


def names(database, words, **options) -> list[str]:
    return [who.full_name for who in found(database, words, **options).items]


@pytest.fixture
def people(work):
    with work() as uow:
        for first, last in (
            ("Ana", "García López"),
            ("Anabel", "Pérez"),
            ("José", "Muñoz"),
            ("María", "González"),
            ("Íñigo", "Ågren"),
        ):
            uow.add(person(first, last_name=last))


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("garcia", ["Ana García López"]),
        ("GARCÍA ana", ["Ana García López"]),
        ("gar ló", ["Ana García López"]),
        ("ana", ["Ana García López", "Anabel Pérez"]),
        ("munoz", ["José Muñoz"]),
        ("inigo agren", ["Íñigo Ågren"]),
        ("ana muñoz", []),
        ("gonzales", ["María González"]),
        ("grcia", ["Ana García López"]),
        ("maria gonsalez", ["María González"]),
        ("zzzzzz", []),
        ("¡!", []),
        ("a'b\" & | :* ( <-> NEAR", []),
        ("ana:*", ["Ana García López", "Anabel Pérez"]),
    ],
)
def test_words_find_people(people, database, words, expected):
    assert names(database, words) == expected


def test_what_changes_is_found_by_its_new_words_only(people, database, work):
    with work() as uow:
        who = uow.session.scalars(sa.select(Person).where(Person.first_name == "Anabel")).one()
        who.last_name = "Quintana"
        id_ = who.id
    assert names(database, "quintana") == ["Anabel Quintana"]
    assert names(database, "perez") == []
    with work() as uow:
        uow.session.delete(uow.get(Person, id_))
    assert names(database, "quintana") == []


def test_words_of_lists_are_found_too(database, work):
    with work() as uow:
        uow.add(person(tags=["Socio preferente"]))
    assert names(database, "preferente") == ["Ana"]


def test_what_is_rolled_back_is_not_found(people, database, work):
    with pytest.raises(RuntimeError), work() as uow:  # noqa: PT012 - the block is the point
        uow.add(person("Casilda"))
        uow.flush()
        raise RuntimeError
    assert names(database, "casilda") == []


def test_words_filters_and_scope_hold_together(people, database):
    assert names(database, "ana", last_name="Pérez") == ["Anabel Pérez"]
    scoped = sa.select(Person).where(Person.first_name != "Ana")
    assert names(database, "ana", query=scoped) == ["Anabel Pérez"]


def test_sorted_words_are_a_filter_and_totals_are_counted(people, database):
    assert names(database, "an", sort="-last_name") == ["Anabel Pérez", "Ana García López"]
    assert found(database, "an", count="true").total == 2
    assert found(database, "an", count="true", limit="1", sort="id").total == 2


def test_ranked_pages_do_not_overlap(database, work):
    with work() as uow:
        for number in range(30):
            uow.add(person("Ana", last_name=f"Ruiz {number}"))
            uow.add(person("Anabel", last_name=f"Ruiz {number}"))
    seen, cursor = [], None
    while True:
        page = found(database, "ana", limit="7", **({"cursor": cursor} if cursor else {}))
        seen += [who.full_name for who in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 60
    assert all(name.startswith("Ana ") for name in seen[:30])


def test_indexing_anew_finds_what_was_written_past_the_session(database, work):
    with work() as uow:
        id_ = uow.add(person("Ana")).id
    table = Person.__table__
    with database.write() as session:
        session.execute(sa.update(table).where(table.c.id == id_).values(first_name="Zoraida"))
    assert names(database, "zoraida") == []
    with database.write() as session:
        assert search.reindex(session, Person) == 1
    assert names(database, "zoraida") == ["Zoraida"]
