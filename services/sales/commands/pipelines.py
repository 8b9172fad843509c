"""Everything a user can do to pipelines and to the catalogue of reasons."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.sales.domain.close_reason import CloseReason
from services.sales.domain.pipeline import Pipeline
from services.sales.errors import DefaultPipelineStays, PipelineIsInUse, StageIsInUse
from services.sales.queries import pipelines


def create_pipeline(uow: UnitOfWork, **attributes: Any) -> Pipeline:
    """Add a pipeline. Raises ``PipelineNameIsTaken``, ``StagesAreWrong``."""
    pipelines.check_pipeline_name_is_free(uow, attributes["name"])
    pipeline = Pipeline(**attributes)
    pipeline.settle()
    if pipeline.is_default:
        _take_over(uow, pipeline)
    return uow.add(pipeline)


def update_pipeline(uow: UnitOfWork, pipeline_id: UUID, changes: Mapping[str, Any]) -> Pipeline:
    """Change a pipeline; a changed stage counts for opportunities that enter it from then on.

    Raises ``VersionConflict``, ``PipelineNameIsTaken``, ``StagesAreWrong``, ``StageIsInUse``,
    ``DefaultPipelineStays``.
    """
    pipeline = uow.change(Pipeline, pipeline_id)
    if changes.get("name", pipeline.name) != pipeline.name:
        pipelines.check_pipeline_name_is_free(uow, changes["name"])
    if pipeline.is_default and (changes.get("is_default") is False or changes.get("active") is False):
        raise DefaultPipelineStays
    gone = pipeline.change(changes)
    if gone and (count := pipelines.opportunities_in_stages(uow, gone)):
        raise StageIsInUse(count=count)
    if pipeline.is_default:
        _take_over(uow, pipeline)
    return pipeline


def delete_pipeline(uow: UnitOfWork, pipeline_id: UUID) -> None:
    """Delete a pipeline that nothing uses. Raises ``DefaultPipelineStays``, ``PipelineIsInUse``."""
    pipeline = uow.change(Pipeline, pipeline_id)
    if pipeline.is_default:
        raise DefaultPipelineStays
    if count := pipelines.opportunities_in_pipeline(uow, pipeline_id):
        raise PipelineIsInUse(count=count)
    uow.remove(pipeline)


def create_close_reason(uow: UnitOfWork, **attributes: Any) -> CloseReason:
    """Add a reason to the catalogue. Raises ``CloseReasonIsTaken``."""
    pipelines.check_reason_is_free(uow, attributes["ending"], attributes["slug"])
    return uow.add(CloseReason(**attributes))


def update_close_reason(uow: UnitOfWork, reason_id: UUID, changes: Mapping[str, Any]) -> CloseReason:
    """Rename a reason or switch it off. Raises ``VersionConflict``."""
    reason = uow.change(CloseReason, reason_id)
    reason.apply(changes)
    return reason


def _take_over(uow: UnitOfWork, pipeline: Pipeline) -> None:
    with uow.session.no_autoflush:
        before = pipelines.default_pipeline(uow)
    if before is not None and before.id != pipeline.id:
        before.is_default = False
