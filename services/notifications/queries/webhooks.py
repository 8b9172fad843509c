"""Which webhooks there are, and what waits for them."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from chassis.clock import utc_now
from chassis.db.filters import filters_for
from chassis.db.paging import Page, PageRequest
from chassis.errors import NotFound
from chassis.ids import new_id
from chassis.unit_of_work import UnitOfWork
from services.notifications.domain.published_event import PublishedEvent
from services.notifications.domain.webhook import Webhook, WebhookStatus
from services.notifications.domain.webhook_delivery import DeliveryState, WebhookDelivery, WebhookLane

WEBHOOK_FILTERS = filters_for(Webhook, default_sort=("name",))
DELIVERY_FILTERS = filters_for(WebhookDelivery)
_ACTIVE: Final = sa.select(Webhook).where(Webhook.status == WebhookStatus.ACTIVE)
_BATCH: Final = 500
_LONGEST_LEASE: Final = timedelta(minutes=1)  # of a lane that is being delivered


def webhooks(uow: UnitOfWork, page: PageRequest) -> Page[Webhook]:
    """Return a page of the webhooks that the caller may see."""
    return page.apply(uow.scoped(sa.select(Webhook), Webhook), uow.session)


def active(uow: UnitOfWork) -> Sequence[Webhook]:
    """Return the webhooks that are called."""
    return uow.session.scalars(_ACTIVE).all()


def deliveries(uow: UnitOfWork, webhook_id: UUID, page: PageRequest) -> Page[WebhookDelivery]:
    """Return a page of what was or will be sent to a webhook, the latest first. Raises ``NotFound``."""
    uow.get(Webhook, webhook_id)
    return page.apply(sa.select(WebhookDelivery).where(WebhookDelivery.webhook_id == webhook_id), uow.session)


def delivery(uow: UnitOfWork, webhook_id: UUID, delivery_id: UUID) -> WebhookDelivery:
    """Return one delivery. Raises ``NotFound``."""
    uow.get(Webhook, webhook_id)
    found = uow.session.get(WebhookDelivery, delivery_id)
    if found is None or found.webhook_id != webhook_id:
        raise NotFound(resource="webhook-deliveries", id=str(delivery_id))
    return found


def queue(uow: UnitOfWork, webhook_id: UUID, events: Iterable[tuple[UUID, str, str]]) -> int:
    """Have events (id, type, subject) sent to a webhook, behind what waits; return how many."""
    now, count, subjects = utc_now(), 0, dict[str, None]()
    for event_id, type_, subject in events:
        uow.session.add(WebhookDelivery(webhook_id=webhook_id, event_id=event_id, type=type_, subject=subject))
        subjects[subject] = None
        count += 1
    uow.session.flush()
    dialect = sqlite if uow.session.get_bind().dialect.name == "sqlite" else postgresql
    for subject in sorted(subjects):
        lane = {"id": new_id(), "webhook_id": webhook_id, "subject": subject, "due_at": now, "failures": 0}
        # Touching the row makes whoever empties the lane at this moment look again, or this one open it anew.
        insert = dialect.insert(WebhookLane).values(lane)
        uow.session.execute(
            insert.on_conflict_do_update(index_elements=["webhook_id", "subject"], set_={"subject": subject})
        )
    return count


def events_since(uow: UnitOfWork, webhook: Webhook, since: datetime) -> Iterator[tuple[UUID, str, str]]:
    """Return the events published since an instant that a webhook wants, the oldest first."""
    position: UUID | None = None
    while True:
        query = sa.select(PublishedEvent).where(PublishedEvent.time >= since).order_by(PublishedEvent.position)
        if position is not None:
            query = query.where(PublishedEvent.position > position)
        found = uow.session.scalars(query.limit(_BATCH)).all()
        for event in found:
            if webhook.wants(orjson.loads(event.body)):
                yield event.id, event.type, event.subject
        if len(found) < _BATCH:
            return
        position = found[-1].position


def _with_lanes(uow: UnitOfWork) -> list[Any]:
    """Return the active webhooks for which something waits: id, failures, and when the next lane may be tried.

    One look into an index for each webhook, however many lanes wait while its receiver is away.
    """
    first = (
        sa.select(sa.func.min(WebhookLane.due_at))
        .where(WebhookLane.webhook_id == Webhook.id)
        .correlate(Webhook)
        .scalar_subquery()
    )
    query = sa.select(Webhook.id, Webhook.failures, Webhook.paused_until, first.label("first")).where(
        Webhook.status == WebhookStatus.ACTIVE
    )
    return [row for row in uow.session.execute(query) if row.first is not None]


def _due(row: Any) -> datetime:
    due: datetime = max(row.first, row.paused_until or row.first)
    return due


def next_due(uow: UnitOfWork) -> datetime | None:
    """Return when the next lane is due; one of a paused webhook is due when the pause ends."""
    return min(map(_due, _with_lanes(uow)), default=None)


def take_lanes(uow: UnitOfWork, most: int, lease: timedelta) -> Sequence[WebhookLane]:
    """Return lanes that are due, which nobody else takes before the lease is over; webhooks share alike."""
    now = utc_now()
    webhooks_due = sorted((row for row in _with_lanes(uow) if _due(row) <= now), key=_due)
    taken: list[WebhookLane] = []
    for place, row in enumerate(webhooks_due):
        left = most - len(taken)
        # One call shows whether a receiver is back; its other lanes wait for what comes of it.
        share = 1 if row.failures else max(1, left // (len(webhooks_due) - place))
        query = sa.select(WebhookLane).where(WebhookLane.webhook_id == row.id, WebhookLane.due_at <= now)
        query = query.order_by(WebhookLane.due_at, WebhookLane.id).limit(min(share, left))
        lanes = uow.session.scalars(query.with_for_update(skip_locked=True)).all()
        for lane in lanes:
            lane.due_at = now + lease
        if row.failures and lanes:
            note_health(uow, row.id, paused_until=now + lease)
        taken += lanes
    return taken


def waiting(uow: UnitOfWork, webhook_id: UUID, subject: str, most: int) -> Sequence[WebhookDelivery]:
    """Return the next deliveries of a lane, in order."""
    query = sa.select(WebhookDelivery).where(
        WebhookDelivery.webhook_id == webhook_id,
        WebhookDelivery.subject == subject,
        WebhookDelivery.state == DeliveryState.PENDING,
    )
    return uow.session.scalars(query.order_by(WebhookDelivery.id).limit(most)).all()


def lane(uow: UnitOfWork, lane_id: UUID) -> WebhookLane | None:
    """Return a lane for writing, or None where it is gone."""
    return uow.session.scalar(sa.select(WebhookLane).where(WebhookLane.id == lane_id).with_for_update())


def close_lane(uow: UnitOfWork, lane_id: UUID) -> None:
    """Forget a lane in which nothing waits."""
    uow.session.execute(sa.delete(WebhookLane).where(WebhookLane.id == lane_id))


def hurry_lanes(uow: UnitOfWork, webhook_id: UUID) -> None:
    """Have the lanes that wait tried now, because the receiver answers again; those in hand stay in it."""
    now = utc_now()
    uow.session.execute(
        sa.update(WebhookLane)
        .where(WebhookLane.webhook_id == webhook_id, WebhookLane.due_at > now + _LONGEST_LEASE)
        .values(due_at=now, failures=0)
        .execution_options(synchronize_session=False)
    )


def note_health(uow: UnitOfWork, webhook_id: UUID, **facts: Any) -> None:
    """Note how calls go, past the aggregate: whoever edits the webhook must not meet a newer version."""
    uow.session.execute(
        sa.update(Webhook)
        .where(Webhook.id == webhook_id)
        .values(updated_at=Webhook.updated_at, **facts)
        .execution_options(synchronize_session=False)
    )


def forget_deliveries(uow: UnitOfWork, before: datetime) -> None:
    """Remove what was delivered or given up before an instant."""
    done = sa.and_(WebhookDelivery.state != DeliveryState.PENDING, WebhookDelivery.created_at < before)
    uow.session.execute(sa.delete(WebhookDelivery).where(done))


def forget_events(uow: UnitOfWork, before: datetime) -> None:
    """Shorten the history; what still waits for a webhook stays."""
    waits = sa.exists().where(
        WebhookDelivery.event_id == PublishedEvent.id, WebhookDelivery.state == DeliveryState.PENDING
    )
    uow.session.execute(sa.delete(PublishedEvent).where(PublishedEvent.time < before, ~waits))


def hand_over(uow: UnitOfWork, user_id: UUID, to: UUID) -> None:
    """Give the webhooks of one user to another; what they send stays as it is until somebody changes them."""
    uow.session.execute(
        sa.update(Webhook)
        .where(Webhook.owner_id == user_id)
        .values(owner_id=to, version=Webhook.version + 1)
        .execution_options(synchronize_session=False)
    )
