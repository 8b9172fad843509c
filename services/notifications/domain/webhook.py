"""A webhook: the address of a program outside that wants to be told of events."""

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar, Final

from chassis.context import Actor, Scope
from chassis.db.json_values import JsonDocument
from chassis.fields import Count, Instant, Internal, Logged, LongText, Name, ReadOnly, ShortText, Url, values
from chassis.model import Aggregate, Mapped, Owned, column
from contracts.notifications import WebhookDisabled, WebhookEnabled, WebhookFailed, WebhookRedelivered
from services.notifications.domain.base import Model
from services.notifications.domain.event_pattern import EventFilter, check_filters, check_patterns, wanted
from services.notifications.errors import NoEventsWanted, UrlHoldsPassword, WebhookIsActive, WebhookIsDisabled

MOST_PATTERNS: Final = 50
BY_HAND: Final = "by-hand"
OVERLAP: Final = timedelta(hours=24)  # how long deliveries are signed by the old secret too


class WebhookStatus(StrEnum):
    """Whether a webhook is called."""

    ACTIVE = "active"
    DISABLED = "disabled"


class WebhookContent(StrEnum):
    """How much of an event is sent: all of it, or only what it is about, so that nothing personal leaves."""

    FULL = "full"
    THIN = "thin"


class Webhook(Owned, Aggregate, Model):
    """Events go to the address in the order of their subject, signed with a secret that is shown once."""

    __tablename__ = "webhooks"
    resource: ClassVar = "webhooks"
    search_fields: ClassVar = ("name", "url")

    name: Mapped[Logged[Name]]
    url: Mapped[Logged[Url]]
    events: Mapped[list[ShortText]] = values(ShortText, most=MOST_PATTERNS)
    filters: Mapped[list[EventFilter]] = values(EventFilter)
    content: Mapped[Logged[WebhookContent]] = column(default=WebhookContent.FULL)
    status: Mapped[ReadOnly[Logged[WebhookStatus]]] = column(default=WebhookStatus.ACTIVE, index=True)
    disabled_because: Mapped[ReadOnly[ShortText] | None] = column(doc="by-hand, gone (410) or failing.")
    disabled_at: Mapped[ReadOnly[Instant] | None]
    failing_since: Mapped[ReadOnly[Instant] | None]
    paused_until: Mapped[ReadOnly[Instant] | None] = column(doc="The next call, while the receiver does not answer.")
    failures: Mapped[ReadOnly[Count]] = column(default=0, doc="Calls in a row that were not answered.")
    old_secret_until: Mapped[ReadOnly[Instant] | None]
    sealed_secret: Mapped[Internal[LongText]]
    sealed_old_secret: Mapped[Internal[LongText] | None]
    reach: Mapped[Internal[dict[str, Any]]] = column(JsonDocument, default=dict)

    @property
    def secret(self) -> str | None:
        """The secret, in the answer to its making only."""
        return self.__dict__.get("_secret")

    def show_once(self, secret: str) -> None:
        """Let this answer, and no other, show the secret."""
        self.__dict__["_secret"] = secret

    def check(self) -> None:
        """Raise ``NoEventsWanted``, ``NotAnEventPattern``, ``NoSuchMember`` or ``UrlHoldsPassword``."""
        if not self.events:
            raise NoEventsWanted
        check_patterns(self.events)
        check_filters(self.filters)
        if "@" in self.url.partition("://")[2].partition("/")[0]:
            raise UrlHoldsPassword

    def reach_as(self, actor: Actor, scope: Scope) -> None:
        """Send only what ``actor`` may read."""
        teams = sorted(map(str, actor.teams)) if scope == "team" else []
        self.reach = {"scope": scope, "user": str(actor.user_id or ""), "teams": teams}

    def wants(self, envelope: Mapping[str, Any]) -> bool:
        """Whether an event is to be sent here."""
        return self._reaches(envelope) and wanted(self.events, self.filters, envelope)

    def _reaches(self, envelope: Mapping[str, Any]) -> bool:
        owner, group = envelope.get("owner"), envelope.get("group")
        if self.reach.get("scope") == "all":
            return True
        mine = owner is not None and owner == self.reach.get("user")
        return mine or (self.reach.get("scope") == "team" and group in self.reach.get("teams", ()))

    def replace_secret(self, sealed: str, at: datetime) -> None:
        """Sign with a new secret, and with the old one too for a day."""
        self.sealed_old_secret, self.old_secret_until = self.sealed_secret, at + OVERLAP
        self.sealed_secret = sealed

    def sealed_secrets(self, at: datetime) -> list[str]:
        """Return what is valid at an instant, the newest first."""
        old = self.sealed_old_secret if self.old_secret_until and at < self.old_secret_until else None
        return [self.sealed_secret, *([old] if old else [])]

    def disable(self, *, because: str, at: datetime) -> None:
        """Call it no more, and tell; what waits is kept. Raises ``WebhookIsDisabled``."""
        if self.status is WebhookStatus.DISABLED:
            raise WebhookIsDisabled
        self.status, self.disabled_because, self.disabled_at = WebhookStatus.DISABLED, because, at
        facts: dict[str, Any] = {
            "webhook_id": self.id,
            "name": self.name,
            "owner_id": self.owner_id,
            "because": because,
        }
        self.record(WebhookDisabled(**facts) if because == BY_HAND else WebhookFailed(**facts))

    def enable(self) -> None:
        """Call it again; what waited goes first. Raises ``WebhookIsActive``."""
        if self.status is WebhookStatus.ACTIVE:
            raise WebhookIsActive
        self.status, self.disabled_because, self.disabled_at = WebhookStatus.ACTIVE, None, None
        self.failing_since, self.paused_until, self.failures = None, None, 0
        self.record(WebhookEnabled(webhook_id=self.id, name=self.name))

    def tell_redelivered(self, events: int, by: uuid.UUID | None) -> None:
        """Tell that events are sent once more. Raises ``WebhookIsDisabled``."""
        if self.status is WebhookStatus.DISABLED:
            raise WebhookIsDisabled
        self.record(WebhookRedelivered(webhook_id=self.id, events=events, asked_by=by))
