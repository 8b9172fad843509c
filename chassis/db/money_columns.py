"""Money in the database: an amount and a currency, two columns that are one attribute."""

from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Composite, MappedColumn, mapped_column

from chassis.db.exact_decimal import ExactDecimal
from chassis.merge_patch import Partial, resolved
from chassis.money import Money
from chassis.vocabulary import describe


class _MoneyComposite(Composite[Any]):
    """A composite whose columns are null only where the annotation says so, and which takes part of a patch."""

    inherit_cache = True

    def _create_descriptor(self) -> None:
        super()._create_descriptor()
        plain: Any = self.descriptor

        def set_whole(instance: Any, value: Any) -> None:
            plain.fset(instance, resolved(value, plain.fget(instance)) if isinstance(value, Partial) else value)

        self.descriptor = property(plain.fget, set_whole, plain.fdel)

    def declarative_scan(  # noqa: PLR0917 - SQLAlchemy's own signature
        self,
        decl_scan: Any,
        registry: Any,
        cls: Any,
        originating_module: Any,
        key: str,
        mapped_container: Any,
        annotation: Any,
        extracted_mapped_annotation: Any,
        is_dataclass_field: bool,
    ) -> None:
        """Read the annotation of one attribute; SQLAlchemy calls this while it maps a class."""
        super().declarative_scan(
            decl_scan,
            registry,
            cls,
            originating_module,
            key,
            mapped_container,
            annotation,
            extracted_mapped_annotation,
            is_dataclass_field,
        )
        optional = extracted_mapped_annotation is not None and describe(extracted_mapped_annotation).optional
        for attribute in self.attrs:
            if isinstance(attribute, MappedColumn):
                attribute.column.nullable = optional


def money(name: str) -> Any:
    """Map a ``Money`` attribute onto the columns ``<name>_amount`` and ``<name>_currency``."""
    return _MoneyComposite(
        Money,
        mapped_column(f"{name}_amount", ExactDecimal(18, 4)),
        mapped_column(f"{name}_currency", String(3)),
        # SQLAlchemy also asks for what a change replaced, and leaves out a part that stays the same.
        return_none_on=lambda amount, currency: amount is None or currency is None,
    )
