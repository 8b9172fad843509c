"""Entrypoints about people."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from chassis.db.paging import Page, PageRequest
from chassis.history import Change
from chassis.rpc import command, query
from chassis.unit_of_work import UnitOfWork
from chassis.views import Seen
from contracts.contacts import ContactKind
from services.contacts.commands import interests as interest_commands
from services.contacts.commands import people as commands
from services.contacts.commands import relations as relation_commands
from services.contacts.domain.interest import ContactInterest
from services.contacts.domain.person import Person
from services.contacts.domain.relation_view import RelationView
from services.contacts.domain.timeline_entry import TimelineEntry
from services.contacts.queries import field_log, interests, relations, timeline
from services.contacts.queries import people as queries
from services.contacts.queries.people import PERSON_FILTERS
from services.contacts.queries.timeline import TIMELINE_FILTERS
from services.contacts.schemas import (
    ContactInterestSchema,
    DuplicateMatchSchema,
    FieldChangeSchema,
    InterestValuesSchema,
    NewPersonSchema,
    NewRelationSchema,
    PersonSchema,
    RelationViewSchema,
    TimelineEntrySchema,
)

KIND = ContactKind.PERSON


class People:
    """What may be asked of people."""

    @command(loads=NewPersonSchema, dumps=PersonSchema, needs="people:write")
    def create_person(self, uow: UnitOfWork, data: dict[str, Any]) -> Person:
        """Put a person on file; 409 with the matches where it may already be."""
        return commands.create_person(uow, **data)

    @command(loads=NewPersonSchema, dumps=PersonSchema, bulk=True, needs="people:write")
    def bulk_create_people(self, uow: UnitOfWork, data: dict[str, Any]) -> Person:
        """Put up to 1,000 people on file; each has a result of its own."""
        return commands.create_person(uow, **data)

    @query(dumps=PersonSchema, needs="people:read")
    def get_person(self, uow: UnitOfWork, person_id: UUID) -> Seen:
        """Show a person."""
        return queries.person(uow, person_id)

    @query(lists=PersonSchema, filters=PERSON_FILTERS, needs="people:read")
    def list_people(self, uow: UnitOfWork, page: PageRequest) -> Page[Seen]:
        """List people."""
        return queries.people(uow, page)

    @query(lists=PersonSchema, filters=PERSON_FILTERS, searches=True, needs="people:read")
    def search_people(self, uow: UnitOfWork, page: PageRequest) -> Page[Seen]:
        """List the people that a filter tree describes."""
        return queries.people(uow, page)

    @command(patches=PersonSchema, dumps=PersonSchema, needs="people:write")
    def update_person(self, uow: UnitOfWork, person_id: UUID, data: dict[str, Any]) -> Person:
        """Change a person."""
        return commands.update_person(uow, person_id, data)

    @command(needs="people:delete")
    def delete_person(self, uow: UnitOfWork, person_id: UUID) -> None:
        """Put a person in the bin."""
        commands.delete_person(uow, person_id)

    @command(dumps=PersonSchema, needs="people:delete")
    def restore_person(self, uow: UnitOfWork, person_id: UUID) -> Person:
        """Take a person out of the bin."""
        return commands.restore_person(uow, person_id)

    @query(dumps=FieldChangeSchema, many=True, needs="people:read")
    def person_history(self, uow: UnitOfWork, person_id: UUID) -> Sequence[Change]:
        """Show who changed which field of a person, the latest 200 changes first."""
        return field_log.changes_of(uow, Person, person_id)

    @query(dumps=DuplicateMatchSchema, many=True, needs="people:read")
    def list_person_duplicates(self, uow: UnitOfWork, person_id: UUID) -> Sequence[dict[str, object]]:
        """Show who may be the same person."""
        return queries.duplicates_of_person(uow, person_id)

    @query(lists=TimelineEntrySchema, filters=TIMELINE_FILTERS, needs="people:read")
    def list_person_timeline(self, uow: UnitOfWork, person_id: UUID, page: PageRequest) -> Page[TimelineEntry]:
        """Show what happened with a person, in all services, the latest first."""
        return timeline.timeline(uow, KIND, person_id, page)

    @query(dumps=RelationViewSchema, many=True, needs="relations:read")
    def list_person_relations(self, uow: UnitOfWork, person_id: UUID) -> Sequence[RelationView]:
        """Show how a person belongs together with others, ended relations last."""
        return relations.relations_of(uow, KIND, person_id)

    @command(loads=NewRelationSchema, dumps=RelationViewSchema, needs="relations:write")
    def add_person_relation(self, uow: UnitOfWork, person_id: UUID, data: dict[str, Any]) -> RelationView:
        """Relate a person with another contact."""
        return relation_commands.add_relation(uow, KIND, person_id, **data)

    @query(dumps=ContactInterestSchema, many=True, needs="interests:read")
    def list_person_interests(self, uow: UnitOfWork, person_id: UUID) -> Sequence[ContactInterest]:
        """Show what a person is interested in, the strongest first."""
        return interests.interests_of(uow, KIND, person_id)

    @command(loads=InterestValuesSchema, dumps=ContactInterestSchema, needs="people:write")
    def set_person_interest(
        self, uow: UnitOfWork, person_id: UUID, interest_id: UUID, data: dict[str, Any]
    ) -> ContactInterest:
        """Register what a person is interested in, or how much."""
        return interest_commands.set_interest(uow, KIND, person_id, interest_id, data)

    @command(needs="people:write")
    def remove_person_interest(self, uow: UnitOfWork, person_id: UUID, interest_id: UUID) -> None:
        """Forget an interest of a person."""
        interest_commands.remove_interest(uow, KIND, person_id, interest_id)
