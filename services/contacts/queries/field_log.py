"""Who changed which field of a record."""

from collections.abc import Sequence
from uuid import UUID

from chassis import history
from chassis.history import Change
from chassis.unit_of_work import UnitOfWork
from services.contacts.domain.company import Company
from services.contacts.domain.person import Person

SHOWN = 200


def changes_of(uow: UnitOfWork, model: type[Person] | type[Company], record_id: UUID) -> Sequence[Change]:
    """Return the latest changes of a record's fields, newest first. Raises ``NotFound`` out of reach."""
    found = uow.get(model, record_id, deleted=True)
    return history.of_record(uow.session, uow.metadata, found.resource, found.id, limit=SHOWN)
