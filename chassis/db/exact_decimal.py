"""Exact decimals in the database: numeric on PostgreSQL, a scaled integer on SQLite, which knows only floats."""

from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from sqlalchemy import BigInteger, Dialect, Integer, Numeric
from sqlalchemy.types import TypeDecorator, TypeEngine


class ExactDecimal(TypeDecorator[Decimal]):
    """A decimal of ``precision`` digits (at most 18), ``scale`` of them behind the point.

    Sums, differences, comparisons and products with whole numbers are exact in SQL on both databases; other
    products are computed in Python, where the number of places is a decision.
    """

    impl = Numeric
    cache_ok = True

    def __init__(self, precision: int = 18, scale: int = 4) -> None:
        super().__init__(precision, scale)
        self.precision, self.scale = precision, scale

    @property
    def python_type(self) -> type[Decimal]:
        """The type of the attribute."""
        return Decimal

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return the type that the database at hand stores."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(BigInteger())
        return dialect.type_descriptor(Numeric(self.precision, self.scale))

    def coerce_compared_value(self, op: Any, value: Any) -> TypeEngine[Any]:
        """Leave a whole factor as it is; everything else beside the column is a decimal of its kind."""
        if isinstance(value, int) and getattr(op, "__name__", "") in {"mul", "truediv", "floordiv", "mod"}:
            return Integer()
        return self

    def process_bind_param(self, value: Decimal | int | None, dialect: Dialect) -> Any:
        """Return what is stored. Raise ``ValueError`` for a number with more places than the column has."""
        if value is None:
            return None
        exact = Decimal(value)
        scaled = exact.scaleb(self.scale)
        if scaled != scaled.to_integral_value(ROUND_HALF_EVEN):
            raise ValueError(f"{value} has more than {self.scale} decimal places")
        return int(scaled) if dialect.name == "sqlite" else exact

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        """Return the exact decimal that is stored."""
        if value is None:
            return None
        return Decimal(value).scaleb(-self.scale) if dialect.name == "sqlite" else Decimal(value)
