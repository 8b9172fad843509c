"""Following a merge: what names the records that were merged away comes to name the one that is left, and back again.

Each column of ``AliasedId`` says where the id leads that its row once named. That makes following repeatable, and
independent of the order in which merges and their undoing become known.
"""

import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from chassis.aliases import ask_again, canonical_of, references
from chassis.clock import utc_now
from chassis.db.alias_tables import aliases, canonical, renamed_references
from chassis.model import Model
from chassis.unit_of_work import UnitOfWork

RESOURCE: Final = "followed-merges"  # what a service tells of when it has followed one
LATECOMERS: Final = "platform.late-references"
# Longer than any transaction lives that began before the alias was there to be seen.
_LATE: Final = timedelta(minutes=1)


@dataclass
class Followed:
    """How many records name another one now, by resource, and how many had to stay as they are.

    A record stays where the one that is left has the same already and the two may not stand beside each other.
    """

    moved: Counter[str] = field(default_factory=Counter)
    stayed: Counter[str] = field(default_factory=Counter)

    def facts(self, merge_id: uuid.UUID, *, undone: bool = False) -> dict[str, Any]:
        """Return what a service tells of it."""
        return {"merge_id": merge_id, "undone": undone, "moved": dict(self.moved), "stayed": dict(self.stayed)}


@dataclass(frozen=True)
class _Reference:
    """One column that names records which may be merged."""

    table: Any
    column: Any
    resource: str

    @property
    def key(self) -> dict[str, str]:
        return {"table_name": self.table.name, "column_name": self.column.name}


def follow(uow: UnitOfWork, merge_id: uuid.UUID, absorbed: Sequence[uuid.UUID], survivor: uuid.UUID) -> Followed:
    """Have the ids of ``absorbed`` lead to ``survivor``, and every row name it that named one of them.

    Nothing is told of the rows. May be repeated.
    """
    ask_again(uow.session)
    _undo_older(uow, merge_id, [*absorbed, survivor])
    table, above = aliases(uow.metadata), _above(uow, survivor)
    insert = _dialect(uow).insert(table)
    # Ids of merges ascend with time: of one that is heard of late a later one may have shown that it was undone.
    later = insert.excluded.merge_id > table.c.merge_id
    for id_ in absorbed:
        if id_ not in above:
            row = {"id": id_, "merged_into": survivor, "canonical_id": survivor, "merge_id": merge_id}
            statement = insert.values(row).on_conflict_do_update(index_elements=["id"], set_=row, where=later)
            uow.session.execute(statement)
    family = [*_below(uow, absorbed), *absorbed]
    _flatten(uow, family)
    uow.schedule(LATECOMERS, utc_now() + _LATE, key=str(merge_id), data={"ids": [str(id_) for id_ in absorbed]})
    return repoint(uow, family)


def unfollow(uow: UnitOfWork, merge_id: uuid.UUID, absorbed: Sequence[uuid.UUID]) -> Followed:
    """Have the ids of ``absorbed`` be their own again, and the rows that named them name them again.

    A row that names somebody else by now keeps to that. May be repeated.
    """
    ask_again(uow.session)
    table = aliases(uow.metadata)
    mine = sa.and_(table.c.id.in_(absorbed), table.c.merge_id == merge_id)
    freed = list(uow.session.scalars(sa.select(table.c.id).where(mine)))
    if not freed:
        return Followed()
    led_to = canonical_of(uow.session, uow.metadata, freed)
    uow.session.execute(sa.delete(table).where(mine))
    family = [*_below(uow, freed), *freed]
    _flatten(uow, family)
    uow.cancel_timer(LATECOMERS, str(merge_id))
    done = Followed()
    for reference in _references(uow.metadata):
        done.moved[reference.resource] += _give_back(uow, reference, family, set(led_to.values()))
    done.moved = +done.moved
    return done


def repoint(uow: UnitOfWork, ids: Sequence[uuid.UUID]) -> Followed:
    """Have the rows that name aliases among ``ids`` name those that are left, and remember what they named."""
    done = Followed()
    for reference in _references(uow.metadata):
        for old, new in canonical_of(uow.session, uow.metadata, ids).items():
            _repoint(uow, reference, old, new, done)
    done.moved, done.stayed = +done.moved, +done.stayed
    return done


def holdings(uow: UnitOfWork, id_: uuid.UUID) -> dict[str, int]:
    """Return how many records name this one, or the one that it was merged into, by resource."""
    found: Counter[str] = Counter()
    for reference in _references(uow.metadata):
        count = sa.select(sa.func.count()).select_from(reference.table).where(reference.column == canonical(id_))
        found[reference.resource] += uow.session.scalar(count) or 0
    return dict(+found)


def _repoint(uow: UnitOfWork, reference: _Reference, old: uuid.UUID, new: uuid.UUID, done: Followed) -> None:
    table, column = reference.table, reference.column
    free = sa.and_(column == old, *_no_twin(table, column, new))
    memory = renamed_references(uow.metadata)
    names = ("table_name", "column_name", "row_id", "named_id")
    rows = sa.select(*(sa.literal(text) for text in reference.key.values()), table.c.id, column).where(free)
    insert = _dialect(uow).insert(memory).from_select(names, rows)
    # What a row named first is what it goes back to, unless somebody had it name another one meanwhile.
    stale = canonical(memory.c.named_id) != new
    uow.session.execute(
        insert.on_conflict_do_update(index_elements=names[:3], set_={"named_id": insert.excluded.named_id}, where=stale)
    )
    done.moved[reference.resource] += _set(uow, reference, free, new)
    stayed = sa.select(sa.func.count()).select_from(table).where(column == old)
    done.stayed[reference.resource] += uow.session.scalar(stayed) or 0


def _give_back(uow: UnitOfWork, reference: _Reference, family: Sequence[uuid.UUID], held_by: set[uuid.UUID]) -> int:
    memory = renamed_references(uow.metadata)
    mine = sa.and_(memory.c.named_id.in_(family), *(memory.c[name] == value for name, value in reference.key.items()))
    moved = 0
    for named in uow.session.scalars(sa.select(memory.c.named_id).where(mine).distinct()).all():
        rows = sa.select(memory.c.row_id).where(mine, memory.c.named_id == named)
        leads_to = canonical_of(uow.session, uow.metadata, [named]).get(named, named)
        still = sa.and_(reference.column.in_(held_by), reference.table.c.id.in_(rows))
        moved += _set(uow, reference, still, leads_to)
        if leads_to == named:
            uow.session.execute(sa.delete(memory).where(mine, memory.c.named_id == named))
    return moved


def _set(uow: UnitOfWork, reference: _Reference, which: "sa.ColumnElement[bool]", id_: uuid.UUID) -> int:
    table = reference.table
    changes: dict[str, Any] = {reference.column.name: id_}
    if "version" in table.c:
        # Whoever holds an older version must not write the old id back; the record itself was not edited.
        changes |= {"version": table.c.version + 1, "updated_at": table.c.updated_at}
    # In the order in which everybody locks several rows of a table.
    uow.session.execute(sa.select(table.c.id).where(which).order_by(table.c.id).with_for_update(of=table)).all()
    result: Any = uow.session.execute(sa.update(table).where(which).values(changes))
    return int(result.rowcount)


def _no_twin(table: Any, column: Any, new: uuid.UUID) -> Iterator["sa.ColumnElement[bool]"]:
    """Yield the conditions that a row does not clash with one that names ``new`` already."""
    for columns, only in _unique(table):
        if column.name in columns:
            twin = table.alias()
            same = (twin.c[name] == table.c[name] for name in columns if name != column.name)
            clash = sa.exists().where(twin.c[column.name] == new, *same)
            yield ~clash if only is None else sa.or_(sa.not_(only), ~clash.where(only))


def _unique(table: Any) -> Iterator[tuple[list[str], Any]]:
    """Yield the columns of which no two rows may hold the same, and among which rows only."""
    for constraint in table.constraints:
        if isinstance(constraint, sa.UniqueConstraint):
            yield [column.name for column in constraint.columns], None
    for index in table.indexes:
        if index.unique:
            # Its columns have no table's name, so in a sub-query they are the twin's.
            only = index.dialect_options["postgresql"]["where"]
            yield (
                [column.name for column in index.columns],
                None if only is None else sa.literal_column(f"({only.text})", sa.Boolean()),
            )


def _undo_older(uow: UnitOfWork, merge_id: uuid.UUID, ids: Iterable[uuid.UUID]) -> None:
    """Undo what older merges made of records that were their own again when they were merged now."""
    table = aliases(uow.metadata)
    older = sa.select(table.c.id, table.c.merge_id).where(table.c.id.in_(list(ids)), table.c.merge_id < merge_id)
    for row in uow.session.execute(older).all():
        unfollow(uow, row.merge_id, [row.id])


def _below(uow: UnitOfWork, ids: Sequence[uuid.UUID]) -> list[uuid.UUID]:
    """Return all aliases that lead to ``ids``, over whatever others."""
    table = aliases(uow.metadata)
    found: list[uuid.UUID] = []
    edge = list(ids)
    while edge:
        query = sa.select(table.c.id).where(table.c.merged_into.in_(edge), table.c.id.not_in([*found, *ids]))
        edge = list(uow.session.scalars(query))
        found += edge
    return found


def _above(uow: UnitOfWork, id_: uuid.UUID) -> list[uuid.UUID]:
    """Return ``id_`` and whatever it leads to, the record that is left last."""
    table, found = aliases(uow.metadata), [id_]
    while into := uow.session.scalar(sa.select(table.c.merged_into).where(table.c.id == found[-1])):
        found.append(into)
    return found


def _flatten(uow: UnitOfWork, ids: Iterable[uuid.UUID]) -> None:
    """Have each of ``ids`` lead straight to the record that is left."""
    table = aliases(uow.metadata)
    for id_ in ids:
        last = _above(uow, id_)[-1]
        uow.session.execute(sa.update(table).where(table.c.id == id_).values(canonical_id=last))


def _references(metadata: sa.MetaData) -> list[_Reference]:
    mappers: list[Any] = sorted(Model.registry.mappers, key=lambda mapper: mapper.class_.__name__)
    return [
        _Reference(mapper.local_table, mapper.columns[name], mapper.class_.resource)
        for mapper in mappers
        if mapper.local_table.metadata is metadata
        for name in references(mapper.class_)
    ]


def _dialect(uow: UnitOfWork) -> Any:
    return sqlite if uow.session.get_bind().dialect.name == "sqlite" else postgresql
