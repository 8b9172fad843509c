"""Statements that are asked all the time: written once, and on PostgreSQL planned once per connection.

To put a statement together anew for each request costs more than to answer it, here and in the database. What runs
here is compiled by SQLAlchemy like anything else, but only the first time.
"""

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from time import perf_counter
from typing import Any, Final, TypeAlias

import sqlalchemy as sa
from sqlalchemy.orm import Session

Values = Mapping[str, Any]
Row = Sequence[Any]
Change = Callable[[Any], Any]
Statement: TypeAlias = (
    "sa.Select[*tuple[Any, ...]] | sa.CompoundSelect[*tuple[Any, ...]] | sa.Insert | sa.Update | sa.Delete"
)

OBSERVE: Final = "observe"  # where a connection's info holds who is told how long a statement took
_PLANNED: Final = "planned"  # where a connection's info holds what PostgreSQL has planned on it
_numbers: Final = itertools.count(1)


class Prepared:
    """A statement whose named ``bindparam``s are all that differs from one time to the next.

    Make it once, for the life of the process. An insert names the columns it fills. One that is not ``planned`` is
    planned anew each time: PostgreSQL keeps a plan until it next looks at the table, however much that grows meanwhile.
    """

    def __init__(
        self,
        statement: "Statement",
        columns: Iterable[str] | None = None,
        *,
        planned: bool = True,
    ) -> None:
        self.statement = statement.inline() if isinstance(statement, sa.Insert) else statement
        self.name = f"trato_{next(_numbers)}"
        self._planned = planned
        self._columns = None if columns is None else list(columns)
        self._texts: dict[str, _Text] = {}

    def rows(self, session: Session, values: Values) -> list[Row]:
        """Return what a question finds, in Python's types. ``values`` may hold more than it asks for."""
        if session.in_transaction():
            if session.autoflush:
                session.flush()
            return run(session, [(self, values)])
        # A session that only looks: the connection is free again before the answer is read.
        with session.get_bind().engine.connect() as connection:
            try:
                return _run(connection, [(self, values)])
            except sa.exc.DBAPIError as error:
                if not error.connection_invalidated and not isinstance(error, sa.exc.NotSupportedError):
                    raise
                connection.invalidate()
        # The server was restarted, or a migration changed what had been planned: once more, in the ordinary way.
        return list(session.execute(self.statement, dict(values)).all())

    def text(self, dialect: sa.Dialect) -> "_Text":
        """Return the statement as this database wants it."""
        text = self._texts.get(dialect.name)
        if text is None:
            text = self._texts[dialect.name] = _Text(self.statement, self._columns, dialect)
            if self._planned and dialect.name == "postgresql":
                text.prepare(self.name)
        return text


def run(session: Session, steps: Sequence[tuple[Prepared, Values]]) -> list[Row]:
    """Run statements one after the other in the session's transaction; return what the last one finds.

    On PostgreSQL they are one round trip, and each sees what committed before it began.
    """
    return _run(session.connection(), steps) if steps else []


def run_at_end(session: Session, steps: Sequence[tuple[Prepared, Values]]) -> None:
    """Run statements whose effects nobody waits for: on PostgreSQL with the next one, or with COMMIT.

    What they raise is raised there.
    """
    if not steps:
        return
    connection = session.connection()
    if connection.dialect.name != "postgresql":
        _run(connection, steps)
        return
    texts = [(prepared.text(connection.dialect), values) for prepared, values in steps]
    driver: Any = connection.connection.dbapi_connection
    with driver.cursor() as cursor:
        try:
            _plan(cursor, connection.info, texts)
            driver.defer([cursor.mogrify(text.sql, text.bound(values)) for text, values in texts])
        except BaseException as error:
            raise _told(connection, texts[-1][0].sql, error) from error


def send(session: Session) -> None:
    """Have what was put off done now. Raises what it raises."""
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        driver: Any = connection.connection.dbapi_connection
        try:
            driver.send()
        except BaseException as error:
            raise _told(connection, "(put off)", error) from error


class _Text:
    """One statement in the words of one database, with what changes values on the way in and out."""

    def __init__(self, statement: Any, columns: list[str] | None, dialect: sa.Dialect) -> None:
        self.name = self.plan = ""
        kind: Any = type(dialect)
        written = kind(paramstyle="pyformat" if dialect.name == "postgresql" else "named")
        compiled = statement.compile(dialect=written, column_keys=columns)
        binds = {name: bind for bind, name in compiled.bind_names.items()}
        self.defaults: dict[str, Any] = {name: bind.value for name, bind in binds.items() if not bind.required}
        self.names = tuple(binds)
        self.into = _needed(
            (name, bind.type.dialect_impl(dialect).bind_processor(dialect)) for name, bind in binds.items()
        )
        # Of a statement that writes, what it returns.
        found = statement.selected_columns if isinstance(statement, sa.Select) else statement.exported_columns
        self._types = [column.type.dialect_impl(dialect) for column in found]
        self._dialect = dialect
        self._out: list[tuple[Any, Change]] | None = None
        self.sql: str = compiled.string

    def prepare(self, name: str) -> None:
        """Have PostgreSQL keep its plan, under a name."""
        places = {name: f"${number}" for number, name in enumerate(self.names, start=1)}
        self.name, self.plan = name, f"PREPARE {name} AS {self.sql % places}"
        given = ", ".join(f"%({name})s" for name in self.names)
        self.sql = f"EXECUTE {name} ({given})" if given else f"EXECUTE {name}"

    def bound(self, values: Values) -> dict[str, Any]:
        """Return the values as the driver takes them."""
        given = {**self.defaults, **values}
        bound = {name: given[name] for name in self.names}
        for name, change in self.into:
            bound[name] = change(bound[name])
        return bound

    def read(self, cursor: Any) -> list[Row]:
        """Return what a cursor found as Python sees it."""
        if self._out is None:
            codes = [described[1] for described in cursor.description]  # the driver's names of the columns' types
            pairs = enumerate(zip(self._types, codes, strict=True))
            self._out = _needed((index, kind.result_processor(self._dialect, code)) for index, (kind, code) in pairs)
        if not self._out:
            found: list[Row] = cursor.fetchall()
            return found
        rows: list[Row] = []
        for row in cursor.fetchall():
            values = list(row)
            for index, change in self._out:
                values[index] = change(values[index])
            rows.append(values)
        return rows


def _needed(changes: Iterable[tuple[Any, Change | None]]) -> list[tuple[Any, Change]]:
    return [(key, change) for key, change in changes if change is not None]


def _run(connection: sa.Connection, steps: Sequence[tuple[Prepared, Values]]) -> list[Row]:
    dialect, info = connection.dialect, connection.info
    texts = [(prepared.text(dialect), values) for prepared, values in steps]
    driver: Any = connection.connection.dbapi_connection
    cursor = driver.cursor()
    started = perf_counter()
    try:
        if dialect.name == "postgresql":
            _plan(cursor, info, texts)
            cursor.execute(b";".join([cursor.mogrify(text.sql, text.bound(values)) for text, values in texts]))
        else:
            for text, values in texts:
                cursor.execute(text.sql, text.bound(values))
        found = texts[-1][0].read(cursor) if cursor.description else []
        cursor.close()
    except BaseException as error:
        raise _told(connection, texts[-1][0].sql, error) from error
    if observe := info.get(OBSERVE):
        observe(perf_counter() - started)
    return found


def _plan(cursor: Any, info: dict[str, Any], texts: Sequence[tuple[_Text, Values]]) -> None:
    planned: set[str] = info.setdefault(_PLANNED, set())
    for text, _ in texts:
        if text.name and text.name not in planned:
            cursor.execute(text.plan)
            planned.add(text.name)


def _told(connection: sa.Connection, statement: str, error: BaseException) -> BaseException:
    """Return the error as SQLAlchemy would raise it, once it knows what it would have noticed itself."""
    dialect: Any = connection.dialect
    if not isinstance(error, Exception):
        connection.invalidate(error)  # cut off in the middle: nobody knows what its server is doing
        return error
    driver = connection.connection.dbapi_connection
    if isinstance(error, dialect.loaded_dbapi.Error) and dialect.is_disconnect(error, driver, None):
        connection.exec_driver_sql("SELECT 1")  # raises, and empties the pool of what is broken
    if isinstance(error, dialect.loaded_dbapi.NotSupportedError):
        # A migration changed a column that a plan returns: new connections plan anew.
        connection.invalidate(error)
        connection.engine.dispose()
    told: Any = sa.exc.DBAPIError.instance(statement, None, error, dialect.loaded_dbapi.Error, dialect=dialect)
    return told  # type: ignore[no-any-return]
