"""What happens before a lead is qualified: what could not be completed is refused, then contacts is asked."""

from typing import Any
from uuid import UUID

from services.sales.commands.qualification import Asked, Opens, ask_contacts
from services.sales.commands.qualification_outcome import demand_possible
from services.sales.domain.lead import Lead
from services.sales.domain.lead_state import LeadState
from services.sales.domain.qualification import Terms


def prepare(opens: Opens, lead_id: UUID, data: dict[str, Any]) -> Asked:
    """Do what comes before the transaction. Raises what ``demand_possible`` and ``ask_contacts`` raise."""
    terms = Terms(**data)
    if not terms.opens_one:
        with opens() as uow:
            if uow.get(Lead, lead_id).state is LeadState.OPEN:
                demand_possible(uow, terms)
    return ask_contacts(opens, lead_id, data)
