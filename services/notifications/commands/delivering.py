"""Delivering events to webhooks: what is taken along, the calls themselves, and what comes of them."""

import http.client
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

import orjson

from chassis import settings
from chassis.clock import utc_now
from chassis.errands import hurry
from chassis.sealing import Unsealable, unseal
from chassis.unit_of_work import UnitOfWork
from services.notifications.adapters import http_post
from services.notifications.adapters.addresses import callable_addresses
from services.notifications.commands.webhooks import PURPOSE
from services.notifications.domain import signing
from services.notifications.domain.retries import WEBHOOK_DELAYS, WEBHOOK_GIVES_UP, delay_after, pause_after
from services.notifications.domain.webhook import Webhook, WebhookContent, WebhookStatus
from services.notifications.domain.webhook_delivery import LOGGED_ANSWER, Attempt, WebhookLane
from services.notifications.errors import InternalAddress, NotEncrypted
from services.notifications.queries import events, webhooks

AT_ONCE: Final = 10  # deliveries of one lane that one claim takes along
ENOUGH: Final = 15.0  # seconds after which a lane begins no further call before what was done is written
_LONGEST_WISH: Final = 24 * 3600
OUTAGE: Final = 3  # unanswered calls in a row, of whatever subject, that mean that the receiver is away
_DATA: Final = "data"


@dataclass(frozen=True, kw_only=True)
class Load:
    """Some deliveries of one lane, with all that the calls need. ``bodies`` are in the order of delivery."""

    lane_id: UUID
    webhook_id: UUID
    subject: str
    url: str
    secrets: tuple[str, ...]
    content: WebhookContent
    bodies: tuple[tuple[UUID, UUID, bytes], ...]  # delivery, event, what is posted


def loaded(uow: UnitOfWork, lane: WebhookLane) -> Load:
    """Return what is to be sent for a lane."""
    webhook = uow.session.get_one(Webhook, lane.webhook_id)
    waiting = webhooks.waiting(uow, lane.webhook_id, lane.subject, AT_ONCE)
    found = events.bodies(uow, [each.event_id for each in waiting])
    return Load(
        lane_id=lane.id,
        webhook_id=webhook.id,
        subject=lane.subject,
        url=webhook.url,
        secrets=tuple(webhook.sealed_secrets(utc_now())),
        content=webhook.content,
        bodies=tuple((each.id, each.event_id, found.get(each.event_id, b"")) for each in waiting),
    )


def deliver(load: Load) -> list[tuple[UUID, Attempt]]:
    """Call the receiver once per delivery, in order, until one fails or it took long enough."""
    done: list[tuple[UUID, Attempt]] = []
    enough = time.monotonic() + ENOUGH
    for delivery_id, event_id, body in load.bodies:
        attempt = _call(load, event_id, _content(load, body))
        done.append((delivery_id, attempt))
        if not attempt.accepted or time.monotonic() > enough:
            break
    return done


def settle(uow: UnitOfWork, load: Load, done: Sequence[tuple[UUID, Attempt]]) -> None:
    """Write what the receiver answered, and when it is called next."""
    lane = webhooks.lane(uow, load.lane_id)
    webhook = uow.session.get(Webhook, load.webhook_id)
    if lane is None or webhook is None:
        return
    last: Attempt | None = None
    for delivery_id, attempt in done:
        webhooks.delivery(uow, webhook.id, delivery_id).attempted(attempt)
        last = attempt
    if last is not None and not last.accepted:
        _failed(uow, webhook, lane, done[-1][0], last)
    else:
        _went_well(uow, webhook, lane, any_call=last is not None)


def _went_well(uow: UnitOfWork, webhook: Webhook, lane: WebhookLane, *, any_call: bool) -> None:
    lane.failures, lane.due_at = 0, utc_now()
    uow.session.flush()
    if not webhooks.waiting(uow, webhook.id, lane.subject, 1):
        webhooks.close_lane(uow, lane.id)
    if any_call and (webhook.failures or webhook.failing_since):
        webhooks.note_health(uow, webhook.id, failures=0, failing_since=None, paused_until=None)
        if webhook.failures >= OUTAGE:
            webhooks.hurry_lanes(uow, webhook.id)
    hurry(uow)


def _failed(uow: UnitOfWork, webhook: Webhook, lane: WebhookLane, delivery_id: UUID, attempt: Attempt) -> None:
    now = utc_now()
    since = webhook.failing_since or now
    failures = webhook.failures + 1 if attempt.unwell else webhook.failures
    if webhook.status is WebhookStatus.ACTIVE and (attempt.gone or now - since >= WEBHOOK_GIVES_UP):
        webhook.disable(because="gone" if attempt.gone else "failing", at=now)
        lane.failed(now)
        return
    pause = now + max(pause_after(failures), _wish(attempt)) if attempt.unwell else webhook.paused_until
    webhooks.note_health(uow, webhook.id, failures=failures, failing_since=since, paused_until=pause)
    wait = delay_after(lane.failures + 1, WEBHOOK_DELAYS)
    if attempt.unwell and failures >= OUTAGE:
        # It is the receiver that is away, not this event that it cannot take: nothing is given up because of that.
        wait = timedelta(0)
    if wait is None:
        webhooks.delivery(uow, webhook.id, delivery_id).give_up()
        lane.failures, lane.due_at = 0, now
        hurry(uow)
        return
    lane.failed(now + max(wait, _wish(attempt)))


def _wish(attempt: Attempt) -> timedelta:
    return timedelta(seconds=min(attempt.retry_after or 0, _LONGEST_WISH))


def _call(load: Load, event_id: UUID, body: bytes) -> Attempt:
    began, at = time.monotonic(), utc_now()
    answered, error = None, None
    try:
        answered = _post(load, event_id, body)
    except (OSError, http.client.HTTPException, ValueError, InternalAddress, NotEncrypted, Unsealable) as failure:
        error = f"{type(failure).__name__}: {failure}"[:LOGGED_ANSWER]
    return Attempt(
        at=at,
        url=load.url,
        duration_ms=int((time.monotonic() - began) * 1000),
        status=answered.status if answered else None,
        answer=answered.body[:LOGGED_ANSWER] if answered else None,
        error=error,
        retry_after=answered.retry_after if answered else None,
    )


def _post(load: Load, event_id: UUID, body: bytes) -> http_post.Answered:
    allowed = settings.load().webhook_networks
    if load.url.startswith("http://") and not allowed:
        raise NotEncrypted
    addresses = callable_addresses(*http_post.place_of(load.url), allowed)
    secrets = [unseal(each, PURPOSE) for each in load.secrets]
    headers = {
        "Content-Type": "application/cloudevents+json",
        "User-Agent": "Trato-Webhooks/1.0",
        **signing.headers(secrets, str(event_id), utc_now(), body),
    }
    return http_post.post(load.url, addresses, body, headers)


def _content(load: Load, body: bytes) -> bytes:
    if load.content is WebhookContent.FULL or not body:
        return body
    envelope = orjson.loads(body)
    return orjson.dumps({**envelope, _DATA: {}, "actor": None})


def unanswered(load: Load, error: Exception) -> list[tuple[UUID, Attempt]]:
    """Return the log of a call that was cut off."""
    attempt = Attempt(at=utc_now(), url=load.url, duration_ms=0, error=f"{type(error).__name__}: {error}")
    return [(delivery_id, attempt) for delivery_id, _, _ in load.bodies[:1]]
