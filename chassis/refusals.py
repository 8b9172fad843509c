"""Turns whatever went wrong into the one refusal a caller sees. Nothing of the inside leaks."""

import logging
import re

from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from chassis.errors import Conflict, DeadlineExceeded, DomainError, Refusal, Unavailable

log = logging.getLogger(__name__)

QUERY_CANCELED = "57014"  # PostgreSQL: statement timeout
_SQLITE_UNIQUE = re.compile(r"UNIQUE constraint failed: (.+)")


class AlreadyExists(Conflict):
    """There is already a record with these values."""

    slug = "already-exists"
    es = "Ya existe un registro con estos valores."


class StillInUse(Conflict):
    """Something else still refers to this record, or it refers to something that does not exist."""

    slug = "still-in-use"
    es = "Otro dato todavía se refiere a este registro, o este se refiere a algo que no existe."


class InternalError(DomainError):
    """Something failed on our side; it has been logged under this request id."""

    status, slug = 500, "internal-error"
    es = "Algo falló por nuestra parte; ha quedado registrado con este identificador de petición."


def refusal_for(error: Exception, locale: str, method: str) -> Refusal:
    """Return the refusal that stands for ``error``; what is not a refusal by itself is logged with its trace."""
    match error:
        case Refusal():
            return error
        case DomainError():
            return error.to_wire(locale)
        case IntegrityError():
            return _integrity(error).to_wire(locale)
        case DBAPIError() if getattr(error.orig, "pgcode", None) == QUERY_CANCELED:
            return DeadlineExceeded().to_wire(locale)
        case OperationalError() | PoolTimeout():
            log.warning("%s: the database did not answer: %s", method, error.__class__.__name__, exc_info=error)
            return Unavailable(retry_after=1).to_wire(locale)
        case DBAPIError() if error.connection_invalidated:
            return Unavailable(retry_after=1).to_wire(locale)
    log.error("%s failed", method, exc_info=error)
    return InternalError().to_wire(locale)


def violated_constraint(error: IntegrityError) -> str | None:
    """Return the name of the unique constraint that ``error`` violates, by our naming convention, or None.

    SQLite names the columns only, so the name is put together again from them.
    """
    diagnosis = getattr(error.orig, "diag", None)
    if diagnosis is not None and diagnosis.constraint_name:
        return str(diagnosis.constraint_name)
    found = _SQLITE_UNIQUE.search(str(error.orig))
    if found is None:
        return None
    columns = [column.strip().split(".") for column in found[1].split(",")]
    if any(len(parts) != 2 for parts in columns):  # noqa: PLR2004 - table.column
        return None
    return "_".join(["uq", columns[0][0], *(name for _, name in columns)])


def _integrity(error: IntegrityError) -> DomainError:
    name = violated_constraint(error)
    for refusal in _subclasses(DomainError):
        if name is not None and getattr(refusal, "constraint", None) == name:
            return refusal()
    text = str(error.orig)
    return AlreadyExists() if name or "unique" in text.lower() else StillInUse()


def _subclasses(kind: type[DomainError]) -> list[type[DomainError]]:
    found = []
    for child in kind.__subclasses__():
        found += [child, *_subclasses(child)]
    return found
