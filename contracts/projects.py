"""Events that the cases service tells about projects."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from chassis.events import ContactId, Event


@dataclass(frozen=True, kw_only=True)
class AboutProject:
    """What every event of a project says: which one, whose, and the sale that it came of."""

    project_id: UUID
    name: str
    person_id: ContactId | None
    company_id: ContactId | None
    opportunity_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class ProjectCreated(AboutProject, Event, source="cases", public=True):
    """A service is to be rendered. ``responsible_id`` has it; ``plan_id`` is the plan that its tasks come from."""

    responsible_id: UUID | None
    plan_id: UUID | None
    starts_on: date | None
    ends_on: date | None


@dataclass(frozen=True, kw_only=True)
class ProjectUpdated(AboutProject, Event, source="cases", public=True):
    """Fields of a project changed; ``changed`` names them, their values are asked for by id."""

    changed: list[str]


@dataclass(frozen=True, kw_only=True)
class ProjectAssigned(AboutProject, Event, source="cases", public=True):
    """Somebody else is responsible for a project. ``because`` may say why."""

    responsible_id: UUID | None
    because: str | None


@dataclass(frozen=True, kw_only=True)
class ProjectStateChanged(AboutProject, Event, source="cases", public=True):
    """A project is planned, active, done or cancelled, and was not before. ``because`` may say why."""

    from_state: str
    state: str
    because: str | None
    responsible_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class ProjectTaskDone(AboutProject, Event, source="cases", public=True):
    """A task of a project is done, or will not be done (``state``)."""

    task_id: UUID
    title: str
    state: str
