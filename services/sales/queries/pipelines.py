"""Questions about pipelines and the reasons for which things end."""

from collections.abc import Collection
from typing import cast
from uuid import UUID

import sqlalchemy as sa

from chassis.db.filters import filters_for
from chassis.db.found import Finding
from chassis.db.paging import Page, PageRequest
from chassis.db.prepared import Prepared
from chassis.errors import NotFound
from chassis.unit_of_work import UnitOfWork
from services.sales.domain.close_reason import CloseReason, Ending
from services.sales.domain.opportunity import Opportunity
from services.sales.domain.pipeline import Pipeline
from services.sales.domain.seller import Seller
from services.sales.errors import (
    CloseReasonIsTaken,
    CloseReasonIsUnknown,
    NoDefaultPipeline,
    PipelineIsSwitchedOff,
    PipelineNameIsTaken,
)

PIPELINE_FILTERS = filters_for(Pipeline, default_sort=("name",))
CLOSE_REASON_FILTERS = filters_for(CloseReason, default_sort=("slug",))
_DEFAULT = sa.select(Pipeline).where(Pipeline.is_default.is_(True)).limit(1)
_NAMED = Pipeline.id == sa.bindparam("pipeline_id", type_=sa.Uuid)
_USABLE = sa.select(Pipeline.name, Pipeline.active)
_USABLE_DEFAULT = Prepared(_USABLE.where(Pipeline.is_default.is_(True)).limit(1))
_USABLE_NAMED = Prepared(_USABLE.where(_NAMED))
_OWNER = sa.bindparam("owner_id", type_=sa.Uuid)
_WITH_SELLER = sa.select(Pipeline, Seller).outerjoin(Seller, Seller.user_id == _OWNER)
_DEFAULT_FOR = Finding(_WITH_SELLER.where(Pipeline.is_default.is_(True)).limit(1), Pipeline, Seller)
_NAMED_FOR = Finding(_WITH_SELLER.where(_NAMED), Pipeline, Seller)


def pipelines(uow: UnitOfWork, page: PageRequest) -> Page[Pipeline]:
    """Return a page of pipelines."""
    return page.apply(sa.select(Pipeline), uow.session)


def close_reasons(uow: UnitOfWork, page: PageRequest) -> Page[CloseReason]:
    """Return a page of the catalogue of reasons."""
    return page.apply(sa.select(CloseReason), uow.session)


def pipeline(uow: UnitOfWork, pipeline_id: UUID) -> Pipeline:
    """Return a pipeline, whatever the caller may read otherwise. Raises ``NotFound``."""
    found = uow.session.get(Pipeline, pipeline_id)
    if found is None:
        raise NotFound(resource="pipelines", id=str(pipeline_id))
    return found


def pipeline_for_new(uow: UnitOfWork, pipeline_id: UUID | None) -> Pipeline:
    """Return the pipeline that a new opportunity goes into: the one named, or the default.

    Raises ``NotFound``, ``NoDefaultPipeline``, ``PipelineIsSwitchedOff``.
    """
    found = default_pipeline(uow) if pipeline_id is None else pipeline(uow, pipeline_id)
    return _usable(found)


def check_may_open(uow: UnitOfWork, pipeline_id: UUID | None) -> None:
    """Raise what ``pipeline_for_new`` would, without fetching the pipeline."""
    rows = (_USABLE_DEFAULT if pipeline_id is None else _USABLE_NAMED).rows(uow.session, {"pipeline_id": pipeline_id})
    if not rows:
        raise NoDefaultPipeline if pipeline_id is None else NotFound(resource="pipelines", id=str(pipeline_id))
    name, active = rows[0]
    if not active:
        raise PipelineIsSwitchedOff(name=name)


def pipeline_and_seller(
    uow: UnitOfWork, pipeline_id: UUID | None, owner_id: UUID | None
) -> tuple[Pipeline, Seller | None]:
    """Return the pipeline that a new opportunity goes into, and what is known of its owner, in one question.

    Raises what ``pipeline_for_new`` raises.
    """
    asked = {"pipeline_id": pipeline_id, "owner_id": owner_id}
    found = (_DEFAULT_FOR if pipeline_id is None else _NAMED_FOR).records(uow.session, asked)
    if not found and pipeline_id is not None:
        raise NotFound(resource="pipelines", id=str(pipeline_id))
    pipeline, seller = cast("tuple[Pipeline, Seller | None]", found[0]) if found else (None, None)
    return _usable(pipeline), seller


def _usable(found: Pipeline | None) -> Pipeline:
    if found is None:
        raise NoDefaultPipeline
    if not found.active:
        raise PipelineIsSwitchedOff(name=found.name)
    return found


def default_pipeline(uow: UnitOfWork) -> Pipeline | None:
    """Return the default pipeline, where there is one."""
    return uow.session.scalars(_DEFAULT).one_or_none()


def check_pipeline_name_is_free(uow: UnitOfWork, name: str) -> None:
    """Raise ``PipelineNameIsTaken`` where a pipeline is called so."""
    if uow.session.scalar(sa.select(sa.exists().where(Pipeline.name == name))):
        raise PipelineNameIsTaken(name=name)


def check_reason_is_free(uow: UnitOfWork, ending: Ending, slug: str) -> None:
    """Raise ``CloseReasonIsTaken`` where the catalogue has that reason."""
    if uow.session.scalar(sa.select(sa.exists().where(CloseReason.ending == ending, CloseReason.slug == slug))):
        raise CloseReasonIsTaken(slug=slug)


def active_reason(uow: UnitOfWork, ending: Ending, reason_id: UUID) -> CloseReason:
    """Return a reason that may be given now. Raises ``CloseReasonIsUnknown``."""
    found = uow.session.get(CloseReason, reason_id)
    if found is None or not found.active or found.ending is not ending:
        raise CloseReasonIsUnknown
    return found


def opportunities_in_stages(uow: UnitOfWork, stage_ids: Collection[UUID]) -> int:
    """Count the opportunities that are, or ended, in one of these stages."""
    return _count(uow, Opportunity.stage_id.in_(sorted(stage_ids)))


def opportunities_in_pipeline(uow: UnitOfWork, pipeline_id: UUID) -> int:
    """Count the opportunities of a pipeline."""
    return _count(uow, Opportunity.pipeline_id == pipeline_id)


def _count(uow: UnitOfWork, condition: "sa.ColumnElement[bool]") -> int:
    return uow.session.scalar(sa.select(sa.func.count()).select_from(Opportunity).where(condition)) or 0
