"""Entrypoints about consents: what contacts said about being reached, and who may be reached."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from chassis.rpc import INTERNAL, command, query
from chassis.unit_of_work import UnitOfWork
from contracts.contacts import ContactKind
from services.contacts.commands import consents as commands
from services.contacts.domain.consent_views import ConsentCell, ConsentChange, Reachable
from services.contacts.queries import consents as queries
from services.contacts.schemas import (
    ConsentCellSchema,
    ConsentChangeSchema,
    ConsentsToldSchema,
    ConsentValuesSchema,
    ReachableSchema,
    ReachQuestionSchema,
)


class Consents:
    """What may be asked of consents; whose they are decides who sees them."""

    @query(dumps=ConsentCellSchema, many=True, needs="consents:read")
    def list_person_consents(self, uow: UnitOfWork, person_id: UUID) -> Sequence[ConsentCell]:
        """Show every channel and purpose of a person: what was said, and whether they may be reached."""
        return queries.matrix(uow, ContactKind.PERSON, person_id)

    @query(dumps=ConsentChangeSchema, many=True, needs="consents:read")
    def person_consent_history(self, uow: UnitOfWork, person_id: UUID) -> Sequence[ConsentChange]:
        """Show everything that a person said about being reached, with its proofs, the latest first."""
        return queries.changes(uow, ContactKind.PERSON, person_id)

    @command(loads=ConsentValuesSchema, dumps=ConsentCellSchema, needs="consents:write")
    def set_person_consent(
        self, uow: UnitOfWork, person_id: UUID, channel: str, purpose: str, data: dict[str, Any]
    ) -> ConsentCell:
        """Record what a person says of one channel and purpose, or of one of their addresses."""
        return commands.set_consent(uow, ContactKind.PERSON, person_id, channel, purpose, **data)

    @query(dumps=ConsentCellSchema, many=True, needs="consents:read")
    def list_company_consents(self, uow: UnitOfWork, company_id: UUID) -> Sequence[ConsentCell]:
        """Show every channel and purpose of a company: what was said, and whether they may be reached."""
        return queries.matrix(uow, ContactKind.COMPANY, company_id)

    @query(dumps=ConsentChangeSchema, many=True, needs="consents:read")
    def company_consent_history(self, uow: UnitOfWork, company_id: UUID) -> Sequence[ConsentChange]:
        """Show everything that a company said about being reached, with its proofs, the latest first."""
        return queries.changes(uow, ContactKind.COMPANY, company_id)

    @command(loads=ConsentValuesSchema, dumps=ConsentCellSchema, needs="consents:write")
    def set_company_consent(
        self, uow: UnitOfWork, company_id: UUID, channel: str, purpose: str, data: dict[str, Any]
    ) -> ConsentCell:
        """Record what a company says of one channel and purpose, or of one of their addresses."""
        return commands.set_consent(uow, ContactKind.COMPANY, company_id, channel, purpose, **data)

    @query(loads=ReachQuestionSchema, dumps=ReachableSchema, many=True, needs=INTERNAL)
    def check_consents(self, uow: UnitOfWork, data: dict[str, Any]) -> Sequence[Reachable]:
        """Say who may be reached by a channel for a purpose, and by which rule."""
        return queries.reachable(uow, **data)

    @query(dumps=ConsentsToldSchema, needs=INTERNAL)
    def count_told_consents(self, uow: UnitOfWork) -> dict[str, int]:
        """Count the changes of consents that were ever told, so that whoever listens knows if they heard all."""
        return {"told": queries.told(uow)}
