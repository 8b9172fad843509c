"""The gateway put together: what exists before the fork, and what each worker starts for itself."""

import logging
from collections.abc import Iterable
from typing import Any

import orjson

from chassis.bus.feed import Feed
from chassis.client import Client
from chassis.settings import Settings
from gateway import tracing
from gateway.access_log import AccessLog
from gateway.contracts import Contracts
from gateway.customers import HOLDINGS, Customers
from gateway.dispatch import Dispatcher
from gateway.files import Files
from gateway.front import Front, Handler, StartResponse, Wsgi
from gateway.health import Health
from gateway.identity import Identities
from gateway.jobs import Jobs
from gateway.limits import Limits
from gateway.live.endpoint import LiveEndpoint
from gateway.live.hub import Hub
from gateway.live.ring import LiveEvent
from gateway.records import Records
from gateway.routes import ROUTES
from gateway.routing import Router
from gateway.search import Search
from gateway.security import Callers, Cors
from gateway.sessions import Sessions
from gateway.settings import GatewaySettings
from gateway.site import make_site
from gateway.unsubscribe import Unsubscribe
from gateway.watch import IdentityWatch

log = logging.getLogger(__name__)


class Gateway:
    """The WSGI application. ``start`` runs in each worker, after the fork; ``stop`` when the worker ends."""

    def __init__(self, settings: Settings, gateway: GatewaySettings) -> None:
        self._settings = settings
        self._gateway = gateway
        self._router = Router(ROUTES)
        self._contracts = Contracts()
        self._health = Health()
        self._site = make_site(self._health)
        self._front: Wsgi | None = None
        self.read_seconds = gateway.read_timeout

    def start(self) -> None:
        """Connect to the broker and begin to answer."""
        settings, own = self._settings, self._gateway
        tracing.seed()
        self._client = Client(settings.broker_url)
        self._hub = Hub()
        self._access_log = AccessLog(settings)
        identities = Identities(self._client, settings.secret_key, rate=own.principal_rate)
        self._watch = IdentityWatch(identities, self._hub)
        self._feed = Feed(settings.broker_url, on_event=self._take, on_gap=identities.doubt_all)
        self._health.watch(self._client, self._feed)
        self._front = Front(
            self._router,
            Dispatcher(self._client, own, Records(self._client, own)).answer,
            self._handlers(self._client, self._hub, identities),
            identities=identities,
            limits=Limits(address_rate=own.address_rate, stranger_rate=own.stranger_rate),
            callers=Callers(own),
            cors=Cors(settings.cors_origins),
            access_log=self._access_log,
            pages=self._site.wsgi_app,
            default_locale=settings.default_locale,
        )
        self._access_log.start()
        self._hub.start()
        self._feed.start()

    def stop(self) -> None:
        """Close what ``start`` opened."""
        self._feed.stop()
        self._hub.stop()
        self._client.close()
        self._access_log.stop()

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        assert self._front is not None, "start() comes first"
        return self._front(environ, start_response)

    def _handlers(self, client: Client, hub: Hub, identities: Identities) -> dict[str, Handler]:
        """Return who answers the routes of ``gateway.…``."""
        settings, own = self._settings, self._gateway
        sessions = Sessions(client, identities, settings.secret_key)
        jobs, unsubscribe = Jobs(client, own), Unsubscribe(client, own)
        handlers: dict[str, Handler] = {
            "gateway.log_in": sessions.log_in,
            "gateway.who_am_i": sessions.who_am_i,
            "gateway.log_out": sessions.log_out,
            "gateway.token": sessions.token,
            "gateway.customer": Customers(client, own).page,
            "gateway.customer_holdings": Customers(client, own, HOLDINGS).page,
            "gateway.search": Search(client, own).answer,
            "gateway.job": jobs.read,
            "gateway.cancel_job": jobs.cancel,
            "gateway.export": jobs.export,
            "gateway.file": Files(settings).download,
            "gateway.unsubscribe_page": unsubscribe.page,
            "gateway.unsubscribe": unsubscribe.unsubscribe,
            "gateway.live": LiveEndpoint(hub, own.max_listeners).listen,
            "gateway.openapi": self._contracts.openapi,
            "gateway.asyncapi": self._contracts.asyncapi,
            "gateway.event_schema": self._contracts.event_schema,
        }
        ours = {route.rpc for route in ROUTES if route.rpc.startswith("gateway.")}
        assert ours == set(handlers), ours ^ set(handlers)
        return handlers

    def _take(self, raw: bytes) -> None:
        try:
            envelope = orjson.loads(raw)
            event = LiveEvent(envelope, raw)
        except (ValueError, KeyError, TypeError):
            log.warning("Something on crm.events is no event and was left out")
            return
        self._watch.take(event, envelope)
        self._hub.publish(event)
