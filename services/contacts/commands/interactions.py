"""Recording that we and a contact were in touch."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.clock import utc_now
from chassis.unit_of_work import UnitOfWork
from services.contacts.domain.company import Company
from services.contacts.domain.interaction import Interaction
from services.contacts.domain.person import Person
from services.contacts.errors import AlreadyRecorded
from services.contacts.queries import catalogue, interactions


def record_interaction(
    uow: UnitOfWork,
    *,
    person_id: UUID | None = None,
    company_id: UUID | None = None,
    occurred_at: datetime | None = None,
    **attributes: Any,
) -> Interaction:
    """Record what happened, now unless ``occurred_at`` says when.

    Raises ``NotFound`` for a contact the caller may not see, ``NobodyIsNamed``, ``NotYetHappened``,
    ``BranchIsUnknown``, and ``AlreadyRecorded`` when the channel's ``reference`` is on file.
    """
    if person_id is not None:
        uow.get(Person, person_id, permission="people:read")
    if company_id is not None:
        uow.get(Company, company_id, permission="companies:read")
    catalogue.check_branch(uow, attributes.get("branch_id"))
    interaction = Interaction(
        person_id=person_id, company_id=company_id, occurred_at=occurred_at or utc_now(), **attributes
    )
    interaction.happen()
    if interaction.reference_key and (known := interactions.recorded_as(uow, interaction.reference_key)):
        raise AlreadyRecorded(reference=interaction.reference, id=str(known))
    return uow.add(interaction)


def correct_interaction(uow: UnitOfWork, interaction_id: UUID, changes: Mapping[str, Any]) -> Interaction:
    """Correct the summary. Raises ``VersionConflict``."""
    interaction = uow.change(Interaction, interaction_id)
    interaction.apply(changes)
    return interaction
