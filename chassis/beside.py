"""What a service runs beside its requests for as long as it runs, such as a door for mail."""

from abc import ABC, abstractmethod
from contextlib import AbstractContextManager
from types import ModuleType
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from chassis.unit_of_work import UnitOfWork

__all__ = ["Beside", "Work", "besides_in"]


class Work(Protocol):
    """Units of work of the system itself, for what runs beside requests."""

    def writing(self) -> "AbstractContextManager[UnitOfWork]":
        """Open a unit of work that commits when the block ends well."""
        ...

    def reading(self) -> "AbstractContextManager[UnitOfWork]":
        """Open a unit of work for questions only."""
        ...


class Beside(ABC):
    """A part of a service that works in each of its processes until it is told to stop."""

    @abstractmethod
    def run(self, work: Work) -> None:
        """Work until ``stop``; what it depends on may be away for a while."""

    @abstractmethod
    def stop(self) -> None:
        """Let ``run`` finish what is in hand and return."""


def besides_in(*modules: ModuleType) -> list[Beside]:
    """Return what these modules hold."""
    found = [value for module in modules for value in vars(module).values() if isinstance(value, Beside)]
    return list(dict.fromkeys(found))
