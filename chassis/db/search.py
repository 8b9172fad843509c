"""Text search: accents and case do not matter, each word may be a beginning, the best match comes first.

The words of a record are normalised here, in Python, so both databases find the same. PostgreSQL keeps them in the
column ``search_text`` under a tsvector index, with a trigram index for words that were mistyped; SQLite keeps them
in an FTS5 table beside the table. ``chassis.db.search_index`` makes both.
"""

import functools
import operator
import re
import unicodedata
from collections.abc import Iterable
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from chassis import model as models
from chassis.db import search_index
from chassis.db.search_index import create_all, create_index, drop_index, fts_name
from chassis.db.search_spelling import corrected

__all__ = [
    "CANDIDATES",
    "alike",
    "best_first",
    "collect",
    "containing",
    "create_all",
    "create_index",
    "drop_index",
    "normalise",
    "reindex",
    "values_of",
]

CANDIDATES: Final = 200  # how many matches of each tier are ranked at most; keeps the costs of common words bounded
SHORTEST_PREFIX: Final = 2
SHORTEST_MISTYPED: Final = 4
MOST_WORDS: Final = 8
_WORD: Final = re.compile(r"[^\W_]+")
_LETTERS: Final = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"})


def normalise(text: str) -> str:
    """Return the words of ``text`` in lower case without accents, single spaces between them."""
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", text.casefold())
        text = "".join(letter for letter in decomposed if not unicodedata.combining(letter)).translate(_LETTERS)
    return " ".join(_WORD.findall(text.lower()))


def collect(session: Session) -> None:
    """Bring the search texts of what this flush saves up to date; called before each flush."""
    sqlite = session.get_bind().dialect.name == "sqlite"
    written: dict[str, list[dict[str, Any]]] = {}
    # What a patch set to its present value is in ``dirty`` too, and must not become a change by being searched.
    changed = (record for record in session.dirty if session.is_modified(record))
    for record in (*session.new, *changed):
        if hasattr(type(record), "search_document") and _words_may_differ(record):
            text = text_of(record)
            record.search_document = text
            if sqlite:
                written.setdefault(record.__tablename__, []).append(_row(record.id, text))
    for table, rows in written.items():
        session.connection().execute(search_index.insert_statement(table), rows)
    if sqlite:
        for record in session.deleted:
            if hasattr(type(record), "search_document"):
                name = record.__tablename__
                session.connection().execute(search_index.delete_statement(name), _row(record.id, ""))


def text_of(record: Any) -> str:
    """Return the normalised words that ``record`` is found by."""
    if hasattr(record, "search_text"):
        return normalise(record.search_text())
    return normalise(" ".join(_texts(getattr(record, name) for name in record.search_fields)))


def reindex(session: Session, model: Any, *, batch: int = 500) -> int:
    """Write the search texts of all records anew and return how many; for migrations that change what is found."""
    done, last = 0, None
    while True:
        query = sa.select(model).order_by(model.id).limit(batch)
        records = session.scalars(query if last is None else query.where(model.id > last)).all()
        if not records:
            return done
        for record in records:
            text = text_of(record)
            session.execute(
                sa.update(model.__table__).where(model.__table__.c.id == record.id).values(search_text=text)
            )
            if session.get_bind().dialect.name == "sqlite":
                session.connection().execute(
                    search_index.insert_statement(model.__tablename__),
                    [_row(record.id, text)],
                )
        done, last = done + len(records), records[-1].id
        session.expunge_all()


def containing(query: "sa.Select[Any]", model: type[models.Model], words: str, session: Session) -> "sa.Select[Any]":
    """Return ``query`` limited to the records that contain every word, or a word that begins so."""
    found = normalise(words).split()[:MOST_WORDS]
    if not found:
        return query.where(sa.false())
    limited: sa.Select[Any] = _dialect(session).matching(query, model, _prefixes(found, session))
    return limited


def best_first(query: "sa.Select[Any]", model: type[models.Model], session: Session) -> "sa.Select[Any]":
    """Return ``query`` limited to the best matches of the ``values_of`` some words, the best first.

    Whole words come before beginnings, short texts before long ones. Beginnings are only looked for where whole
    words do not fill the page.
    """
    dialect, columns = _dialect(session), model.__table__.c
    size = sa.func.length(columns.search_text).label("size")
    named = query.with_only_columns(columns.id, size, maintain_column_froms=True).order_by(None)
    exact = dialect.matching(named, model, sa.bindparam("exact", type_=sa.Text)).limit(CANDIDATES).cte("exact")
    enough = sa.select(sa.func.count()).select_from(exact).scalar_subquery() >= sa.bindparam("enough", type_=sa.Integer)
    begun = dialect.matching(named, model, sa.bindparam("begun", type_=sa.Text)).where(sa.not_(enough))
    tiers = [
        sa.select(hits.c.id, hits.c.size, sa.literal_column(tier, sa.Integer).label("tier"))
        for hits, tier in ((exact, "0"), (begun.limit(CANDIDATES).cte("begun"), "1"))
    ]
    both = sa.union_all(*tiers).subquery()
    order = (sa.func.min(both.c.tier).label("tier"), sa.func.min(both.c.size).label("size"))
    ranked = sa.select(both.c.id, *order).group_by(both.c.id).order_by(*order, both.c.id)
    best = (
        ranked.limit(sa.bindparam("most", type_=sa.Integer)).offset(sa.bindparam("skip", type_=sa.Integer)).cte("best")
    )
    return query.where(columns.id == best.c.id).order_by(None).order_by(best.c.tier, best.c.size, best.c.id)


def values_of(words: str, session: Session, *, most: int, skip: int = 0) -> dict[str, Any] | None:
    """Return what ``best_first`` is asked with for ``words``, or None where there are none in them."""
    found = normalise(words).split()[:MOST_WORDS]
    if not found:
        return None
    exact, begun = _exact(found, session), _prefixes(found, session)
    return {"exact": exact, "begun": begun, "enough": most + skip, "most": most, "skip": skip}


def alike(
    query: "sa.Select[Any]", model: type[models.Model], words: str, session: Session, *, most: int
) -> "tuple[sa.Select[Any], dict[str, Any]] | None":
    """Return the query, and its values, for what somebody may have meant who mistyped, the most alike first."""
    found = normalise(words).split()[:MOST_WORDS]
    similar: tuple[sa.Select[Any], dict[str, Any]] | None = _dialect(session).similar(
        query, model, found, session, most
    )
    return similar


class _Postgres:
    @staticmethod
    def matching(query: "sa.Select[Any]", model: Any, words: Any) -> "sa.Select[Any]":
        vector = search_index.vector(model.__table__.c.search_text)
        return query.where(vector.op("@@")(sa.func.to_tsquery(search_index.SIMPLE, words)))

    @staticmethod
    def similar(query: "sa.Select[Any]", model: Any, words: list[str], session: Session, most: int) -> Any:
        long = [word for word in words if len(word) >= SHORTEST_MISTYPED]
        if not long or not search_index.has_trigrams(session):
            return None
        if short := [word for word in words if len(word) < SHORTEST_MISTYPED]:
            query = _Postgres.matching(query, model, _prefixes(short, session))
        text = model.__table__.c.search_text
        for word in long:
            query = query.where(text.op("%>")(word))
        likeness = functools.reduce(operator.add, (sa.func.word_similarity(word, text) for word in long))
        return query.order_by(None).order_by(likeness.desc(), sa.func.length(text), model.id).limit(most), {}


class _Sqlite:
    @staticmethod
    def matching(query: "sa.Select[Any]", model: Any, words: Any) -> "sa.Select[Any]":
        name = fts_name(model.__tablename__)
        fts = sa.table(name, sa.column("id", model.__table__.c.id.type))
        return query.where(fts.c.id == model.id, sa.literal_column(name).op("MATCH")(words))

    @staticmethod
    def similar(query: "sa.Select[Any]", model: Any, words: list[str], session: Session, most: int) -> Any:
        meant = corrected(session, model.__tablename__, words)
        if meant is None:
            return None
        return best_first(query, model, session), values_of(" ".join(meant), session, most=most)


def _dialect(session: Session) -> Any:
    return _Sqlite if session.get_bind().dialect.name == "sqlite" else _Postgres


def _exact(words: list[str], session: Session) -> str:
    return " AND ".join(f'"{word}"' for word in words) if _dialect(session) is _Sqlite else " & ".join(words)


def _prefixes(words: list[str], session: Session) -> str:
    # One letter begins almost everything: as a prefix it would cost much and say nothing.
    if _dialect(session) is _Sqlite:
        return " AND ".join(f'"{word}"{"*" if len(word) >= SHORTEST_PREFIX else ""}' for word in words)
    return " & ".join(f"{word}:*" if len(word) >= SHORTEST_PREFIX else word for word in words)


def _row(id_: Any, text: str) -> dict[str, Any]:
    # The id's lower 63 bits are random, so they name the row in a table that wants integers.
    return {"row": id_.int & (2**63 - 1), "id": id_.hex, "content": text}


def _texts(values: Iterable[Any]) -> Iterable[str]:
    for value in values:
        if isinstance(value, str):
            yield value
        elif isinstance(value, list | tuple | set | frozenset):
            yield from _texts(value)


def _words_may_differ(record: Any) -> bool:
    state = sa.inspect(record)
    if not state.persistent or hasattr(record, "search_text"):
        return True
    # A property of the model shows no history of its own, so any change may have changed it.
    columns = state.mapper.column_attrs
    return any(name not in columns or state.attrs[name].history.has_changes() for name in record.search_fields)
