"""Reacting to events of other services: at least once on the wire, once in effect."""

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

from chassis.envelope import Envelope
from chassis.events import Event, event_class
from chassis.routing_keys import fits

if TYPE_CHECKING:
    from chassis.unit_of_work import UnitOfWork

__all__ = ["Permanent", "Reaction", "Reactions", "on", "on_every", "reacts"]

F = TypeVar("F", bound=Callable[..., None])
S = TypeVar("S", bound=type)
_MARK: Final = "reaction_to"


class Permanent(Exception):
    """Raise it where trying again cannot help: the event is parked at once, with this text."""


class Works(Protocol):
    """A reaction as it is called: in a transaction that commits with the note that it was done."""

    def __call__(self, uow: "UnitOfWork", event: Event | None, envelope: Envelope, /) -> None:
        """React."""


@dataclass(frozen=True)
class Reaction:
    """One function and the events that it wants. ``pattern`` is a routing key, with ``*`` and ``#`` as in AMQP."""

    name: str
    pattern: str
    event_type: type[Event] | None
    work: Works
    takes_event: bool = True

    def wants(self, type_: str) -> bool:
        """Whether it reacts to events of this type."""
        return fits(self.pattern, type_)


def on(event_type: type[Event]) -> Callable[[F], F]:
    """Declare a function ``(uow, event, envelope)`` as a reaction to one kind of event; the envelope may be left out.

    It runs as the system, in a transaction of its own, once per event. It may not commit. An exception rolls it
    back and has it tried again after a growing delay, while later events of the same subject wait; after the last
    delay, or at once for ``Permanent``, the event is parked.
    """

    def mark(function: F) -> F:
        return _marked(function, event_type.type, event_type)

    return mark


def on_every(pattern: str) -> Callable[[F], F]:
    """Declare a function ``(uow, event, envelope)`` as a reaction to all events whose type fits ``pattern``.

    ``event`` is None for a type that this process knows no class of; ``envelope.data`` is always there. A function
    of two parameters gets ``(uow, envelope)``.
    """

    def mark(function: F) -> F:
        return _marked(function, pattern, None)

    return mark


def reacts(handlers: ModuleType) -> Callable[[S], S]:
    """Note on a service's class which module holds its reactions, where that is not its ``handlers.py``."""

    def attach(service: S) -> S:
        service.reactions_in = handlers  # type: ignore[attr-defined]
        return service

    return attach


class Reactions:
    """All reactions of one service."""

    def __init__(self, reactions: Iterable[Reaction]) -> None:
        self._all = tuple(reactions)
        self._by_type: dict[str, tuple[Reaction, ...]] = {}

    @classmethod
    def declared_in(cls, *modules: ModuleType) -> "Reactions":
        """Return the reactions that these modules declare."""
        found = [value for module in modules for value in vars(module).values() if hasattr(value, _MARK)]
        return cls(dict.fromkeys(getattr(function, _MARK) for function in found))

    def __bool__(self) -> bool:
        return bool(self._all)

    def to(self, type_: str) -> tuple[Reaction, ...]:
        """Return the reactions to events of this type, in the order of their declaration."""
        found = self._by_type.get(type_)
        if found is None:
            found = self._by_type[type_] = tuple(each for each in self._all if each.wants(type_))
        return found

    def keys(self) -> set[str]:
        """Return the routing keys to bind a queue to."""
        return {each.pattern for each in self._all}


def event_in(envelope: Envelope, reaction: Reaction) -> Event | None:
    """Return the event that ``reaction`` gets. Raise ``Undecodable`` where its data does not fit.

    One that takes none gets none: it reads the data alike whatever classes its process happens to know.
    """
    if not reaction.takes_event:
        return None
    kind = reaction.event_type or event_class(envelope.type)
    return None if kind is None else kind.decode(envelope.data)


def _marked(function: F, pattern: str, event_type: type[Event] | None) -> F:
    generic = event_type is None
    takes_event = not generic or len(inspect.signature(function).parameters) > 2  # noqa: PLR2004 - uow and envelope
    reaction = Reaction(function.__name__, pattern, event_type, _work(function, generic=generic), takes_event)
    setattr(function, _MARK, reaction)
    return function


def _work(function: Callable[..., None], *, generic: bool) -> Works:
    taken = len(inspect.signature(function).parameters)
    if taken == 3:  # noqa: PLR2004 - uow, event, envelope
        return function
    if taken != 2:  # noqa: PLR2004 - uow and one of the two
        raise TypeError(f"{function.__name__} must take (uow, event, envelope)")

    def shorter(uow: "UnitOfWork", event: Any, envelope: Envelope, /) -> None:
        function(uow, envelope if generic else event)

    return shorter
