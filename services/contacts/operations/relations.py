"""Entrypoints about relations and their types."""

from typing import Any
from uuid import UUID

from chassis.db.paging import Page, PageRequest
from chassis.rpc import command, query
from chassis.unit_of_work import UnitOfWork
from services.contacts.commands import catalogues
from services.contacts.commands import relations as commands
from services.contacts.domain.relation import Relation
from services.contacts.domain.relation_type import RelationType
from services.contacts.queries import catalogue
from services.contacts.queries.catalogue import RELATION_TYPE_FILTERS
from services.contacts.schemas import RelationEndingSchema, RelationSchema, RelationTypeSchema


class Relations:
    """What may be asked of relations, beside those of one contact."""

    @command(loads=RelationEndingSchema, dumps=RelationSchema, needs="relations:write")
    def end_relation(self, uow: UnitOfWork, relation_id: UUID, data: dict[str, Any]) -> Relation:
        """End a relation; it stays as history."""
        return commands.end_relation(uow, relation_id, **data)

    @command(loads=RelationTypeSchema, dumps=RelationTypeSchema, needs="relation-types:write")
    def create_relation_type(self, uow: UnitOfWork, data: dict[str, Any]) -> RelationType:
        """Add a relation type to the catalogue."""
        return catalogues.create_relation_type(uow, **data)

    @query(dumps=RelationTypeSchema, needs="relation-types:read")
    def get_relation_type(self, uow: UnitOfWork, relation_type_id: UUID) -> RelationType:
        """Show a relation type."""
        return uow.get(RelationType, relation_type_id)

    @query(lists=RelationTypeSchema, filters=RELATION_TYPE_FILTERS, needs="relation-types:read")
    def list_relation_types(self, uow: UnitOfWork, page: PageRequest) -> Page[RelationType]:
        """List the catalogue of relation types."""
        return catalogue.entries(uow, page)

    @command(patches=RelationTypeSchema, dumps=RelationTypeSchema, needs="relation-types:write")
    def update_relation_type(self, uow: UnitOfWork, relation_type_id: UUID, data: dict[str, Any]) -> RelationType:
        """Change a relation type, or switch it off."""
        return catalogues.update_relation_type(uow, relation_type_id, data)

    @command(needs="relation-types:write")
    def delete_relation_type(self, uow: UnitOfWork, relation_type_id: UUID) -> None:
        """Delete a relation type that nothing uses."""
        catalogues.delete_relation_type(uow, relation_type_id)
