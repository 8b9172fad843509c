"""Rules that say which group a new lead goes to; its members take turns."""

from collections.abc import Sequence
from typing import ClassVar
from uuid import UUID

from chassis.fields import Count, Country, Flag, Id, Logged, Name, Slug
from chassis.indexes import ForeignKey
from chassis.model import Aggregate, Mapped, column
from services.sales.domain.base import Model
from services.sales.domain.lead import Lead


class AssignmentRule(Aggregate, Model):
    """One rule. The first one, by position, whose conditions all hold decides; without conditions it takes any lead."""

    __tablename__ = "assignment_rules"
    resource: ClassVar = "assignment-rules"
    search_fields: ClassVar = ("name",)

    name: Mapped[Logged[Name]]
    position: Mapped[Logged[Count]] = column(default=100)
    active: Mapped[Logged[Flag]] = column(default=True)
    source: Mapped[Logged[Slug] | None]
    campaign_id: Mapped[Logged[Id] | None]
    interest: Mapped[Logged[Slug] | None] = column(doc="The id or slug of an interest, as leads name it.")
    country: Mapped[Logged[Country] | None] = column(doc="Of the company or the person that came with the lead.")
    assignees_group_id: Mapped[Logged[Id]] = column(doc="The group whose members take turns.")

    def fits(self, lead: Lead) -> bool:
        """Whether every condition of the rule holds for a lead."""
        countries = {known.country for known in (lead.company, lead.person) if known}
        return (
            self.source in {None, lead.source}
            and self.campaign_id in {None, lead.campaign_id}
            and (self.interest is None or self.interest in lead.interests)
            and (self.country is None or self.country in countries)
        )


class RuleTurn(Model):
    """Who got the last lead by a rule; kept apart, so that whoever edits the rule meets no newer version."""

    __tablename__ = "rule_turns"

    rule_id: Mapped[Id] = column(ForeignKey("assignment_rules.id", ondelete="CASCADE"), primary_key=True)
    last_user_id: Mapped[Id | None]


def next_in_turn(members: Sequence[UUID], last: UUID | None) -> UUID:
    """Return whose turn it is, in the order of their ids; whoever left or joined meanwhile disturbs nobody."""
    order = sorted(members)
    return next((member for member in order if last is not None and member > last), order[0])
