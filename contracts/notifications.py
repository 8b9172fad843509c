"""Events told by the notifications service."""

from dataclasses import dataclass
from uuid import UUID

from chassis.events import Event


@dataclass(frozen=True, kw_only=True)
class WebhookFailed(Event, public=True):
    """A webhook was switched off by itself. ``because`` is gone (it answered 410) or failing (for days)."""

    webhook_id: UUID
    name: str
    owner_id: UUID | None
    because: str


@dataclass(frozen=True, kw_only=True)
class WebhookDisabled(Event, public=True):
    """Somebody switched a webhook off; ``because`` is by-hand."""

    webhook_id: UUID
    name: str
    owner_id: UUID | None
    because: str


@dataclass(frozen=True, kw_only=True)
class WebhookEnabled(Event, public=True):
    """A webhook that was disabled is called again."""

    webhook_id: UUID
    name: str


@dataclass(frozen=True, kw_only=True)
class WebhookRedelivered(Event, public=True):
    """Somebody asked to have ``events`` events sent once more to a webhook."""

    webhook_id: UUID
    events: int
    asked_by: UUID | None
