"""A message as a subscriber got it: what it is, how often it was tried, why it failed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

ATTEMPT: Final = "x-trato-attempt"
WAITS: Final = "x-trato-waits"
ERROR: Final = "x-trato-error"
QUEUE: Final = "x-trato-queue"
FAILED_AT: Final = "x-trato-failed-at"
REPLAY: Final = "x-trato-replay"
_OURS: Final = frozenset({ATTEMPT, WAITS, ERROR, QUEUE, FAILED_AT, REPLAY})
_PROPERTIES: Final = ("content_type", "content_encoding", "message_id", "type", "timestamp", "app_id")


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message. ``attempt`` counts failed attempts, ``waits`` how often it stood behind another one."""

    body: bytes
    tag: int
    routing_key: str = ""
    properties: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, message: Any) -> "Delivery":
        """Return a py-amqp message as a delivery."""
        body = message.body
        return cls(
            body.encode() if isinstance(body, str) else bytes(body),
            message.delivery_info["delivery_tag"],
            message.delivery_info["routing_key"],
            message.properties,
            message.properties.get("application_headers") or {},
        )

    @property
    def attempt(self) -> int:
        """How many attempts failed before this delivery."""
        return int(self.headers.get(ATTEMPT) or 0)

    @property
    def waits(self) -> int:
        """How often it was put back because an earlier event of its subject had to come first."""
        return int(self.headers.get(WAITS) or 0)

    @property
    def returns(self) -> int:
        """How often the broker handed it out and got it back without an answer."""
        return int(self.headers.get("x-delivery-count") or 0)

    def passed_on(self, **changes: Any) -> dict[str, Any]:
        """Return the AMQP properties to publish it with again.

        Only what we put there ourselves travels on: with the broker's own death records it would take a message
        that comes back twice for one that goes in circles, and drop it.
        """
        kept = {name: value for name, value in self.headers.items() if name in _OURS}
        properties = {name: self.properties[name] for name in _PROPERTIES if self.properties.get(name) is not None}
        return {**properties, "application_headers": {**kept, **changes}}

    def afresh(self) -> dict[str, Any]:
        """Return the AMQP properties to publish it with as if it had never been tried."""
        properties = self.passed_on()
        return {**properties, "application_headers": {}}
