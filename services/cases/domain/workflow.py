"""A workflow: the states of a case, what leads from one to another, and what must hold before."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar

from chassis.fields import Flag, Logged, Name, ReadOnly, Slug, values
from chassis.model import Aggregate, Mapped, column
from chassis.translated import Translated
from services.cases.domain.base import Model
from services.cases.domain.precondition import Precondition
from services.cases.domain.sla_clock import Metric
from services.cases.errors import WorkflowIsIncomplete


class Category(StrEnum):
    """What a state means for rules and reports, whatever it is called."""

    OPEN = "open"
    WAITING = "waiting"
    RESOLVED = "resolved"
    CLOSED = "closed"

    @property
    def is_done(self) -> bool:
        """Whether nobody works on the case any more."""
        return self in {Category.RESOLVED, Category.CLOSED}


@dataclass(frozen=True, kw_only=True)
class State:
    """A state under the name that this installation gives it; ``pauses`` names the clocks that stand still in it."""

    key: Slug
    name: Translated
    category: Category
    pauses: list[Metric] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Transition:
    """A way from some states (from any where none is named) to another."""

    key: Slug
    name: Translated
    to: Slug
    sources: list[Slug] = field(default_factory=list)
    preconditions: list[Precondition] = field(default_factory=list)

    def leads_from(self, state: str) -> bool:
        """Whether it begins at a state."""
        return state != self.to and (not self.sources or state in self.sources)


class Workflow(Aggregate, Model):
    """States and transitions under one name. Types of cases choose it; it may be the default."""

    __tablename__ = "workflows"
    resource: ClassVar = "workflows"

    name: Mapped[Logged[Name]] = column(unique=True)
    initial: Mapped[Logged[Slug]] = column(doc="The state in which a case is born.")
    states: Mapped[Logged[list[State]]] = values(State, most=40)
    transitions: Mapped[Logged[list[Transition]]] = values(Transition, most=200)
    active: Mapped[Logged[Flag]] = column(default=True)
    is_default: Mapped[ReadOnly[Flag]] = column(default=False, doc="It holds for types that name no workflow.")

    def state(self, key: str) -> State:
        """Return a state by its key. Raises ``KeyError``."""
        for state in self.states:
            if state.key == key:
                return state
        raise KeyError(key)

    def leading_from(self, state: str) -> list[Transition]:
        """Return the transitions that begin at a state."""
        return [each for each in self.transitions if each.leads_from(state)]

    def check(self) -> None:
        """Raise ``WorkflowIsIncomplete`` unless every name means something and a case can come to its end."""
        keys = [state.key for state in self.states]
        if len(set(keys)) < len(keys) or len({each.key for each in self.transitions}) < len(self.transitions):
            raise WorkflowIsIncomplete(what="keys")
        if self.initial not in keys or self.state(self.initial).category is not Category.OPEN:
            raise WorkflowIsIncomplete(what="initial")
        named = {key for each in self.transitions for key in (each.to, *each.sources)}
        if not named <= set(keys):
            raise WorkflowIsIncomplete(what="transitions")
        if not {Category.RESOLVED, Category.CLOSED} <= {state.category for state in self.states}:
            raise WorkflowIsIncomplete(what="states")
