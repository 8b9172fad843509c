"""Qualifying a lead: what is wanted, what contacts is asked about, and who they turn out to be."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from chassis.fields import Count, Day, Flag, Id, Money, Name, ShortText
from contracts.contacts import LeadPrecondition
from services.sales.domain.lead_contact import LeadCompany, LeadPerson


class Touch(StrEnum):
    """What happened to an opportunity since a lead became it."""

    OPPORTUNITY = "opportunity"
    QUOTES = "quotes"
    ACTIVITIES = "activities"


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What is wanted of the opportunity; without a name it is called like the lead.

    With ``opportunity_id`` the lead joins one that is open, with ``without_opportunity`` there is none.
    """

    opportunity_id: Id | None = None
    without_opportunity: Flag = False
    name: ShortText | None = None
    pipeline_id: Id | None = None
    owner_id: Id | None = None
    amount: Money | None = None
    expected_close_on: Day | None = None
    allow_duplicate: Flag = False

    @property
    def opens_one(self) -> bool:
        """Whether a new opportunity is wanted."""
        return self.opportunity_id is None and not self.without_opportunity

    def contradiction(self) -> list[str]:
        """Return what is said of a new opportunity where none is wanted, or of another one where none at all is."""
        of_a_new_one = ("name", "pipeline_id", "owner_id", "amount", "expected_close_on")
        unfit = [] if self.opens_one else [name for name in of_a_new_one if getattr(self, name) is not None]
        return [*(["opportunity_id"] if self.opportunity_id and self.without_opportunity else []), *unfit]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a qualification did, and how everything was then: enough to undo it, and to see what was touched since.

    ``filled`` names the blank fields of an opportunity that took the lead's values, ``linked`` the lead's activities
    that belong to the opportunity since then. ``quotes`` and ``activities`` are the sums of their versions: whatever
    is added or changed makes them grow.
    """

    opened: Flag = True
    filled: list[Name] = field(default_factory=list)
    linked: list[Id] = field(default_factory=list)
    version: Count = 1
    quotes: Count = 0
    activities: Count = 0

    def touched(self, *, version: int, quotes: int, activities: int) -> list[Touch]:
        """Return what is otherwise than it was."""
        same = {
            Touch.OPPORTUNITY: version == self.version,
            Touch.QUOTES: quotes == self.quotes,
            Touch.ACTIVITIES: activities == self.activities,
        }
        return [touch for touch, untouched in same.items() if not untouched]


@dataclass(frozen=True, kw_only=True)
class LeadSheet:
    """What contacts is asked about: a copy of the lead, taken before anybody is asked."""

    lead_id: UUID
    lead_version: int
    person_id: UUID | None
    person: LeadPerson | None
    company_id: UUID | None
    company: LeadCompany | None
    interests: Sequence[str]
    owner_id: UUID | None
    group_id: UUID | None
    reached: bool

    @property
    def changes_contacts(self) -> bool:
        """Whether something may have to be written in contacts."""
        return bool(self.person or self.company or self.interests)

    @property
    def demands(self) -> list[LeadPrecondition]:
        """What contacts must know of them; who was reached by an activity of ours needs no other contact."""
        return [each for each in LeadPrecondition if not (self.reached and each is LeadPrecondition.REAL_CONTACT)]


@dataclass(frozen=True, kw_only=True)
class Settled:
    """Who the lead's person and company are on file; ``kept`` names the values on file that the lead contradicts."""

    lead_version: int
    person_id: UUID
    company_id: UUID | None
    kept: list[str] = field(default_factory=list)
