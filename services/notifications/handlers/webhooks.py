"""Events on their way to programs outside: into the history, and to the webhooks that want them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import ClassVar, Final
from uuid import UUID

from chassis.clock import utc_now
from chassis.envelope import Envelope
from chassis.errands import Errand, hurry
from chassis.reactions import on_every
from chassis.timers import every
from chassis.unit_of_work import UnitOfWork
from services.notifications.commands import delivering
from services.notifications.commands.delivering import Load
from services.notifications.domain.webhook_delivery import Attempt
from services.notifications.queries import events, webhooks

_LOG_DAYS: Final = timedelta(days=30)
_HISTORY_DAYS: Final = timedelta(days=90)


@on_every("crm.#")
def publish(uow: UnitOfWork, envelope: Envelope) -> None:
    """Every event goes into the history and to the webhooks that want it; told again, it does not go twice."""
    active = uow.once(webhooks.active)
    plain = envelope.to_dict() if active else {}
    wanting = [webhook for webhook in active if webhook.wants(plain)]
    if wanting and events.is_kept(uow, envelope.id):
        return
    events.keep(uow, envelope)
    for webhook in wanting:
        webhooks.queue(uow, webhook.id, [(envelope.id, envelope.type, envelope.subject)])
        hurry(uow)


class DeliverWebhooks(Errand[Load, list[tuple[UUID, Attempt]]]):
    """Calls receivers, a subject at a time and many subjects at once."""

    kind: ClassVar = "deliver-webhooks"
    slots: ClassVar = 16
    seconds: ClassVar = 40.0

    def next_due(self, uow: UnitOfWork) -> datetime | None:
        """Return when the next lane is due."""
        return webhooks.next_due(uow)

    def claim(self, uow: UnitOfWork, most: int) -> Sequence[Load]:
        """Take lanes that are due."""
        return [delivering.loaded(uow, lane) for lane in webhooks.take_lanes(uow, most, self.lease)]

    def do(self, item: Load) -> list[tuple[UUID, Attempt]]:
        """Call the receiver."""
        return delivering.deliver(item)

    def settle(self, uow: UnitOfWork, item: Load, outcome: list[tuple[UUID, Attempt]] | Exception) -> None:
        """Write what it answered."""
        delivering.settle(uow, item, outcome if isinstance(outcome, list) else delivering.unanswered(item, outcome))


deliver_webhooks: Final = DeliverWebhooks()


@every(timedelta(hours=6), "notifications.forget-old-deliveries")
def forget_old_deliveries(uow: UnitOfWork) -> None:
    """The log of deliveries is kept for 30 days and the history of events for 90."""
    webhooks.forget_deliveries(uow, utc_now() - _LOG_DAYS)
    webhooks.forget_events(uow, utc_now() - _HISTORY_DAYS)
