"""Asking contacts how many changes of consents it told, to know whether all were heard."""

from typing import Final

from chassis.calls import RemoteRefusal, ask
from chassis.context import Actor
from chassis.errors import DomainError

_ME: Final = Actor(kind="service", name="notifications")


def told() -> int | None:
    """Return how many changes contacts told; ``None`` where it does not answer."""
    try:
        return int(ask("contacts.count_told_consents", actor=_ME)["told"])
    except (RemoteRefusal, DomainError):
        return None
