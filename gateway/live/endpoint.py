"""GET /v1/live: who may listen, and to what."""

import functools
import random
from typing import Final

from chassis.errors import ValidationFailed
from gateway.answers import Answer
from gateway.handover import Handover
from gateway.live.hub import Hub
from gateway.live.listener import Listener, Wanted
from gateway.parameters import unknown
from gateway.refusals import MalformedRequest, TooManyListeners
from gateway.request import Request

# Rights are looked at again when the browser reconnects, which it does by itself.
_LONGEST_SECONDS: Final = 1_800.0
_MAX_PATTERNS: Final = 2_000


class LiveEndpoint:
    """Hands the connection to the hub, which writes to it from then on."""

    def __init__(self, hub: Hub, max_listeners: int) -> None:
        self._hub = hub
        self._max_listeners = max_listeners

    def listen(self, request: Request) -> Answer:
        """Begin a stream of events (never returns an answer, see ``Handover``).

        ``types`` filters by event type. ``Last-Event-ID``, or ``last_event_id`` for clients that cannot set a
        header, resumes after that event.
        """
        params = request.params()
        types = params.get("types", "")
        if errors := unknown(request, params, ("types", "last_event_id")):
            raise ValidationFailed(errors)
        if not isinstance(types, str) or len(types) > _MAX_PATTERNS:
            raise MalformedRequest(part="query")
        if self._hub.listeners >= self._max_listeners:
            raise TooManyListeners(retry_after=30)
        assert request.identity is not None
        last = request.header("LAST_EVENT_ID") or params.get("last_event_id")
        listener = Listener(
            request.identity.actor,
            Wanted(types),
            last if isinstance(last, str) else None,
            # Spread, so that a thousand who came together do not come back together.
            seconds=_LONGEST_SECONDS * random.uniform(0.8, 1.2),  # noqa: S311 - no secret
        )
        raise Handover(
            functools.partial(self._hub.adopt, listener=listener),
            [
                ("Content-Type", "text/event-stream; charset=utf-8"),
                ("Cache-Control", "no-store"),
                ("X-Accel-Buffering", "no"),
            ],
        )
