"""Asking contacts where a person or a company gets its mail: here only when a mail goes out, so that it is fresh."""

from typing import Any, Final

from chassis.calls import BrokerDown, DeadlineExceeded, RemoteRefusal, ServiceDown, ask, is_away
from chassis.context import Actor

_ME: Final = Actor(kind="service", name="notifications", permissions={"people:read": "all", "companies:read": "all"})
_OPERATIONS: Final = {"people": "contacts.get_person", "companies": "contacts.get_company"}


class NoAddress(Exception):
    """A contact cannot be written to; ``for_now`` says that contacts does not answer at this moment."""

    def __init__(self, said: str, *, for_now: bool) -> None:
        super().__init__(said)
        self.for_now = for_now


def address_of(contact: str) -> str:
    """Return where ``people/<id>`` or ``companies/<id>`` is written to, the primary address first.

    Raises ``NoAddress``.
    """
    resource, _, id_ = contact.partition("/")
    try:
        found: dict[str, Any] = ask(_OPERATIONS[resource], id_, actor=_ME)
    except (RemoteRefusal, ServiceDown, BrokerDown, DeadlineExceeded) as failure:
        said = f"contacts does not say where {contact} gets mail: {failure}"
        raise NoAddress(said, for_now=is_away(failure)) from failure
    usable = [each for each in found.get("emails") or () if each.get("valid", True)]
    usable.sort(key=lambda each: not each.get("primary"))
    if not usable:
        raise NoAddress(f"{contact} has no address to write to", for_now=False)
    return str(usable[0]["address"])
