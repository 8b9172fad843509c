"""The gateway's figures; in multiprocess mode they are summed over the workers."""

from typing import Final

from prometheus_client import Counter, Gauge, Histogram

_BUCKETS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

http_requests = Counter("trato_http_requests", "Answered HTTP requests.", ["route", "method", "status"])
http_seconds = Histogram("trato_http_request_seconds", "Time to the answer.", ["route", "method"], buckets=_BUCKETS)
http_in_flight = Gauge("trato_http_in_flight", "Requests being answered now.", multiprocess_mode="livesum")
rpc_errors = Counter("trato_gateway_rpc_errors", "Calls to services that failed.", ["service", "why"])
live_listeners = Gauge("trato_live_listeners", "Open live connections.", multiprocess_mode="livesum")
live_dropped = Counter("trato_live_dropped", "Live connections ended because their owner read too slowly.")
identity_lookups = Counter(
    "trato_identity_lookups",
    "Credentials looked at; outcome is hit, miss, stale (administration away), refused or local.",
    ["outcome"],
)
