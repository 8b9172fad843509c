"""How a call to another part of the suite can fail, as its caller sees it."""

from typing import Any

from chassis.bus.wire import REFUSAL
from chassis.errors import DeadlineExceeded, Refusal, Unavailable

__all__ = ["BrokerDown", "DeadlineExceeded", "RemoteFailure", "RemoteRefusal", "ServiceDown", "raised_there"]


class ServiceDown(Unavailable):
    """The service {service} is not running now; try again shortly."""

    slug = "service-down"
    es = "El servicio {service} no está en marcha ahora; inténtelo de nuevo en breve."


class BrokerDown(Unavailable):
    """The message broker cannot be reached now; try again shortly."""

    slug = "broker-down"
    es = "Ahora no se puede llegar al intermediario de mensajes; inténtelo de nuevo en breve."


class RemoteRefusal(Refusal):
    """The service refused; status, slug, detail and params are the ones it gave."""


class RemoteFailure(RemoteRefusal):
    """The service failed in a way that it did not foresee. ``kind`` is the exception's name, for the log only."""

    def __init__(self, kind: str, value: str) -> None:
        super().__init__(500, "internal-error", "Something went wrong on our side.", {})
        self.kind, self.value = kind, value

    def __str__(self) -> str:
        return f"{self.kind}: {self.value}"


def raised_there(error: dict[str, Any]) -> RemoteRefusal:
    """Return the exception that a reply's ``error`` tells of."""
    if error.get("exc_path") == REFUSAL:
        return RemoteRefusal(*error["exc_args"])
    return RemoteFailure(str(error.get("exc_type")), str(error.get("value")))
