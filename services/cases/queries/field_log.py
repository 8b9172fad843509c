"""Who changed which field of a record."""

from collections.abc import Sequence
from uuid import UUID

from chassis import history
from chassis.history import Change
from chassis.unit_of_work import UnitOfWork
from services.cases.domain.case import Case
from services.cases.domain.project import Project

SHOWN = 200


def changes_of(uow: UnitOfWork, model: type[Case] | type[Project], record_id: UUID) -> Sequence[Change]:
    """Return the latest changes of a record's fields, newest first. Raises ``NotFound`` out of reach."""
    found = uow.get(model, record_id, deleted=True)
    return history.of_record(uow.session, uow.metadata, found.resource, found.id, limit=SHOWN)
