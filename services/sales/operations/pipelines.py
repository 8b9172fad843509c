"""Entrypoints about pipelines and the catalogue of reasons."""

from typing import Any
from uuid import UUID

from chassis.db.paging import Page, PageRequest
from chassis.rpc import command, query
from chassis.unit_of_work import UnitOfWork
from services.sales.commands import pipelines as commands
from services.sales.domain.close_reason import CloseReason
from services.sales.domain.pipeline import Pipeline
from services.sales.queries import pipelines as queries
from services.sales.queries.pipelines import CLOSE_REASON_FILTERS, PIPELINE_FILTERS
from services.sales.schemas import CloseReasonSchema, PipelineSchema


class Pipelines:
    """What may be asked of pipelines and reasons."""

    @command(loads=PipelineSchema, dumps=PipelineSchema, needs="pipelines:write")
    def create_pipeline(self, uow: UnitOfWork, data: dict[str, Any]) -> Pipeline:
        """Add a pipeline with its stages."""
        return commands.create_pipeline(uow, **data)

    @query(dumps=PipelineSchema, needs="pipelines:read")
    def get_pipeline(self, uow: UnitOfWork, pipeline_id: UUID) -> Pipeline:
        """Show a pipeline with its stages."""
        return uow.get(Pipeline, pipeline_id)

    @query(lists=PipelineSchema, filters=PIPELINE_FILTERS, needs="pipelines:read")
    def list_pipelines(self, uow: UnitOfWork, page: PageRequest) -> Page[Pipeline]:
        """List pipelines with their stages."""
        return queries.pipelines(uow, page)

    @command(patches=PipelineSchema, dumps=PipelineSchema, needs="pipelines:write")
    def update_pipeline(self, uow: UnitOfWork, pipeline_id: UUID, data: dict[str, Any]) -> Pipeline:
        """Change a pipeline; its stages are replaced whole, and those that keep their id stay the same."""
        return commands.update_pipeline(uow, pipeline_id, data)

    @command(needs="pipelines:write")
    def delete_pipeline(self, uow: UnitOfWork, pipeline_id: UUID) -> None:
        """Delete a pipeline that nothing uses."""
        commands.delete_pipeline(uow, pipeline_id)

    @command(loads=CloseReasonSchema, dumps=CloseReasonSchema, needs="close-reasons:write")
    def create_close_reason(self, uow: UnitOfWork, data: dict[str, Any]) -> CloseReason:
        """Add a reason to the catalogue."""
        return commands.create_close_reason(uow, **data)

    @query(dumps=CloseReasonSchema, needs="close-reasons:read")
    def get_close_reason(self, uow: UnitOfWork, reason_id: UUID) -> CloseReason:
        """Show a reason."""
        return uow.get(CloseReason, reason_id)

    @query(lists=CloseReasonSchema, filters=CLOSE_REASON_FILTERS, needs="close-reasons:read")
    def list_close_reasons(self, uow: UnitOfWork, page: PageRequest) -> Page[CloseReason]:
        """List the reasons for which opportunities are lost and leads disqualified."""
        return queries.close_reasons(uow, page)

    @command(patches=CloseReasonSchema, dumps=CloseReasonSchema, needs="close-reasons:write")
    def update_close_reason(self, uow: UnitOfWork, reason_id: UUID, data: dict[str, Any]) -> CloseReason:
        """Rename a reason, or switch it off."""
        return commands.update_close_reason(uow, reason_id, data)
