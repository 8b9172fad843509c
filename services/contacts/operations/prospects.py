"""Entrypoints about whom leads bring."""

from typing import Any

from chassis.rpc import INTERNAL, command
from chassis.unit_of_work import UnitOfWork
from services.contacts.commands import prospects as commands
from services.contacts.domain.prospect import Prospect
from services.contacts.schemas import NewProspectSchema, ProspectSchema


class Prospects:
    """What other services ask of people who may become customers."""

    @command(loads=NewProspectSchema, dumps=ProspectSchema, needs=INTERNAL)
    def put_prospect_on_file(self, uow: UnitOfWork, data: dict[str, Any]) -> Prospect:
        """Put on file whom a lead brings, if what is demanded holds; 409 names what does not."""
        return commands.put_on_file(uow, **data)
