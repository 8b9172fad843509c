"""Many values as one parameter, so that a statement reads the same however many there are."""

import uuid
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator


class Several(TypeDecorator[Any]):
    """Ids, or texts, as one parameter: an array on PostgreSQL, a JSON text on SQLite."""

    impl = sa.Text
    cache_ok = True

    def __init__(self, item: "type[sa.types.TypeEngine[Any]]" = sa.Uuid) -> None:
        super().__init__()
        self.item = item

    def load_dialect_impl(self, dialect: sa.Dialect) -> Any:
        """Return what the database at hand takes."""
        return dialect.type_descriptor(ARRAY(self.item()) if dialect.name == "postgresql" else sa.Text())

    def process_bind_param(self, value: Any, dialect: sa.Dialect) -> Any:
        """Return the values as they are stored."""
        if dialect.name == "postgresql":
            return list(value)
        return orjson.dumps([each.hex if isinstance(each, uuid.UUID) else each for each in value]).decode()


class among(FunctionElement[Any]):  # noqa: N801 - it is used as a function
    """The condition that what the first argument holds is one of those in the second, a parameter of ``Several``."""

    name = "among"
    inherit_cache = True
    type = sa.types.NullType()  # a Boolean would be compared with 1 on SQLite, past the index


@compiles(among)
def _any(element: Any, compiler: Any, **options: Any) -> str:
    column, several = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{column} = ANY ({several})"


@compiles(among, "sqlite")
def _listed(element: Any, compiler: Any, **options: Any) -> str:
    column, several = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({several}))"  # noqa: S608 - compiled clauses, not text from outside
