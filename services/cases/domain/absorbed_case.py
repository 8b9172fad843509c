"""What a case remembers of one that was merged into it."""

from dataclasses import dataclass

from chassis.fields import Email, Id, Instant, Name


@dataclass(frozen=True, kw_only=True)
class AbsorbedCase:
    """Its number, by which the case is found as well, and its customer, who takes part in the case from then on."""

    case_id: Id
    number: Name
    at: Instant
    person_id: Id | None = None
    company_id: Id | None = None
    email: Email | None = None
