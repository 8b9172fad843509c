"""Work with the outside world: claimed in one transaction, done outside any, settled in another."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import datetime, timedelta
from types import ModuleType
from typing import TYPE_CHECKING, Any, ClassVar, Final, Generic, TypeVar

from chassis.db.commit_signal import CommitSignal

if TYPE_CHECKING:
    from chassis.unit_of_work import UnitOfWork

__all__ = ["Errand", "TookTooLong", "errands_in", "hurried", "hurry"]

T = TypeVar("T")
R = TypeVar("R")

# Tells the runners of this process that a committed transaction left something to do.
hurried: Final = CommitSignal[None]("errands", lambda _one, _other: None)


class TookTooLong(Exception):
    """One item was not done within its ``seconds``."""


class Errand(ABC, Generic[T, R]):
    """A kind of work that waits for others: calling a receiver, sending a mail.

    ``slots`` items are done at once in each process, each within ``seconds``. ``claim`` gives an item to this
    process by making it due again only after ``lease``: whoever dies with it leaves it to the next. So an item is
    done at least once, and what it does outside must bear repetition.
    """

    kind: ClassVar[str]
    slots: ClassVar[int] = 16
    seconds: ClassVar[float] = 30.0

    @property
    def lease(self) -> timedelta:
        """How long a claimed item belongs to who claimed it."""
        return timedelta(seconds=self.seconds + 15)

    @abstractmethod
    def next_due(self, uow: "UnitOfWork") -> datetime | None:
        """Return when the next item is due, or None where nothing waits."""

    @abstractmethod
    def claim(self, uow: "UnitOfWork", most: int) -> Sequence[T]:
        """Take at most ``most`` items that are due, for the length of ``lease``."""

    @abstractmethod
    def do(self, item: T) -> R:
        """Do one item. There is no transaction here; whatever it waits for lets others run."""

    @abstractmethod
    def settle(self, uow: "UnitOfWork", item: T, outcome: R | Exception) -> None:
        """Write what came of it: what ``do`` returned, what it raised, or ``TookTooLong``."""


def errands_in(*modules: ModuleType) -> list[Errand[Any, Any]]:
    """Return the errands that these modules hold."""
    found = [value for module in modules for value in vars(module).values() if isinstance(value, Errand)]
    return list(dict.fromkeys(found))


def hurry(uow: "UnitOfWork") -> None:
    """Have the errands of this service look again once this transaction commits."""
    hurried.note(uow.session, uow.metadata, None)
