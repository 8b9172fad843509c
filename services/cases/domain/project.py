"""A project: a service rendered to a customer, from its plan to its end."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar, Self, TypedDict
from uuid import UUID

from chassis.fields import AliasedId, Day, Id, Instant, Logged, LongText, ReadOnly, ShortText, Title
from chassis.indexes import ForeignKey
from chassis.model import Aggregate, CustomFields, Mapped, Owned, column
from chassis.words import Worded
from contracts.projects import ProjectAssigned, ProjectCreated, ProjectStateChanged, ProjectUpdated
from services.cases.domain.base import Model
from services.cases.errors import EndsBeforeItStarts, ProjectIsInAnotherState


class ProjectState(Worded):
    """Where a project stands."""

    PLANNED = "planned", "previsto"
    ACTIVE = "active", "activo"
    DONE = "done", "terminado"
    CANCELLED = "cancelled", "cancelado"

    @property
    def is_over(self) -> bool:
        """Whether nobody works on it any more."""
        return self in {ProjectState.DONE, ProjectState.CANCELLED}


class AboutProject(TypedDict):
    """What every event of a project says."""

    project_id: UUID
    name: str
    person_id: UUID | None
    company_id: UUID | None
    opportunity_id: UUID | None


class Project(Owned, CustomFields, Aggregate, Model):
    """A service for a customer. Its owner is responsible for it; of each opportunity there is one at most."""

    __tablename__ = "projects"
    resource: ClassVar = "projects"
    search_fields: ClassVar = ("name", "description")

    name: Mapped[Logged[Title]] = column(sort_order=1)
    description: Mapped[Logged[LongText] | None] = column(sort_order=2)
    state: Mapped[ReadOnly[Logged[ProjectState]]] = column(default=ProjectState.PLANNED, index=True, sort_order=3)
    person_id: Mapped[Logged[AliasedId] | None] = column(index=True, sort_order=4)
    company_id: Mapped[Logged[AliasedId] | None] = column(index=True, sort_order=5)
    opportunity_id: Mapped[Logged[Id] | None] = column(unique=True, sort_order=6, doc="The sale that it came of.")
    plan_id: Mapped[ReadOnly[Id] | None] = column(ForeignKey("project_plans.id"), index=True, sort_order=7)
    starts_on: Mapped[Logged[Day] | None] = column(index=True, sort_order=8)
    ends_on: Mapped[Logged[Day] | None] = column(index=True, sort_order=9, doc="When it is to be finished.")
    started_at: Mapped[ReadOnly[Instant] | None] = column(sort_order=10)
    ended_at: Mapped[ReadOnly[Instant] | None] = column(index=True, sort_order=11)
    ended_because: Mapped[ReadOnly[ShortText] | None] = column(sort_order=12)

    @property
    def responsible_id(self) -> UUID | None:
        """Who is responsible: the owner."""
        return self.owner_id

    @property
    def about(self) -> AboutProject:
        """What every event of the project says."""
        return AboutProject(
            project_id=self.id,
            name=self.name,
            person_id=self.person_id,
            company_id=self.company_id,
            opportunity_id=self.opportunity_id,
        )

    def showing(self, **more: object) -> Self:
        """Return the project with what is shown beside its columns; nothing of it is saved."""
        self.__dict__.update(more)
        return self

    def open(self) -> None:
        """Tell of a new project. Raises ``EndsBeforeItStarts``."""
        self._check_days()
        self.record(
            ProjectCreated(
                **self.about,
                responsible_id=self.owner_id,
                plan_id=self.plan_id,
                starts_on=self.starts_on,
                ends_on=self.ends_on,
            )
        )

    def change(self, changes: Mapping[str, Any]) -> None:
        """Apply a patch and tell which fields it changed. Raises ``EndsBeforeItStarts``."""
        before = {name: getattr(self, name) for name in changes}
        self.apply(changes)
        self._check_days()
        if changed := sorted(name for name, old in before.items() if getattr(self, name) != old):
            self.record(ProjectUpdated(**self.about, changed=changed))

    def assign(self, responsible_id: UUID | None, because: str | None = None) -> None:
        """Have somebody else be responsible; nothing is told where it is the same person."""
        if self.owner_id != responsible_id:
            self.owner_id = responsible_id
            self.record(ProjectAssigned(**self.about, responsible_id=responsible_id, because=because))

    def start(self, at: datetime) -> None:
        """Begin. Raises ``ProjectIsInAnotherState`` unless it is planned."""
        self._demand(ProjectState.PLANNED)
        self.started_at = at
        self._enter(ProjectState.ACTIVE)

    def finish(self, at: datetime) -> None:
        """End well. Raises ``ProjectIsInAnotherState`` where it is over."""
        self.demand_open()
        self.started_at, self.ended_at = self.started_at or at, at
        self._enter(ProjectState.DONE)

    def cancel(self, at: datetime, because: str | None) -> None:
        """Give it up. Raises ``ProjectIsInAnotherState`` where it is over."""
        self.demand_open()
        self.ended_at, self.ended_because = at, because
        self._enter(ProjectState.CANCELLED, because)

    def reopen(self) -> None:
        """Go on where it ended: planned where nobody had begun. Raises ``ProjectIsInAnotherState``."""
        self._demand(ProjectState.DONE, ProjectState.CANCELLED)
        self.ended_at = self.ended_because = None
        self._enter(ProjectState.ACTIVE if self.started_at else ProjectState.PLANNED)

    def demand_open(self) -> None:
        """Raise ``ProjectIsInAnotherState`` where nobody works on it any more."""
        self._demand(ProjectState.PLANNED, ProjectState.ACTIVE)

    def _demand(self, *states: ProjectState) -> None:
        if self.state not in states:
            raise ProjectIsInAnotherState(state=self.state)

    def _enter(self, state: ProjectState, because: str | None = None) -> None:
        before, self.state = self.state, state
        self.record(
            ProjectStateChanged(
                **self.about,
                from_state=before.value,
                state=state.value,
                because=because,
                responsible_id=self.owner_id,
            )
        )

    def _check_days(self) -> None:
        if self.starts_on is not None and self.ends_on is not None and self.ends_on < self.starts_on:
            raise EndsBeforeItStarts
