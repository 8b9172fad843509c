"""Entrypoints about activities."""

from typing import Any
from uuid import UUID

from chassis.db.paging import Page, PageRequest
from chassis.rpc import command, query
from chassis.unit_of_work import UnitOfWork
from services.sales.commands import activities as commands
from services.sales.domain.activity import Activity
from services.sales.queries import activities as queries
from services.sales.queries.activities import ACTIVITY_FILTERS
from services.sales.schemas import ActivityOutcomeSchema, ActivitySchema, CancellationSchema


class Activities:
    """What may be asked of activities."""

    @command(loads=ActivitySchema, dumps=ActivitySchema, needs="activities:write")
    def create_activity(self, uow: UnitOfWork, data: dict[str, Any]) -> Activity:
        """Plan a call, a visit or something else."""
        return commands.plan_activity(uow, **data)

    @query(dumps=ActivitySchema, needs="activities:read")
    def get_activity(self, uow: UnitOfWork, activity_id: UUID) -> Activity:
        """Show an activity."""
        return uow.get(Activity, activity_id)

    @query(lists=ActivitySchema, filters=ACTIVITY_FILTERS, needs="activities:read")
    def list_activities(self, uow: UnitOfWork, page: PageRequest) -> Page[Activity]:
        """List activities, what is due first first."""
        return queries.activities(uow, page)

    @query(lists=ActivitySchema, filters=ACTIVITY_FILTERS, searches=True, needs="activities:read")
    def search_activities(self, uow: UnitOfWork, page: PageRequest) -> Page[Activity]:
        """List the activities that a filter tree describes."""
        return queries.activities(uow, page)

    @command(patches=ActivitySchema, dumps=ActivitySchema, needs="activities:write")
    def update_activity(self, uow: UnitOfWork, activity_id: UUID, data: dict[str, Any]) -> Activity:
        """Change an activity that is still planned."""
        return commands.update_activity(uow, activity_id, data)

    @command(loads=ActivityOutcomeSchema, dumps=ActivitySchema, needs="activities:write")
    def finish_activity(self, uow: UnitOfWork, activity_id: UUID, data: dict[str, Any]) -> Activity:
        """Say that an activity was done, and what came of it."""
        return commands.finish_activity(uow, activity_id, **data)

    @command(loads=CancellationSchema, dumps=ActivitySchema, needs="activities:write")
    def cancel_activity(self, uow: UnitOfWork, activity_id: UUID, data: dict[str, Any]) -> Activity:
        """Say that an activity will not be done."""
        return commands.cancel_activity(uow, activity_id, **data)
