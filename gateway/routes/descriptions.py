"""What describes the API itself."""

from gateway.route import get

ROUTES = (
    get("/v1/openapi.json", "gateway.openapi", anonymous=True),
    get("/v1/asyncapi.json", "gateway.asyncapi", anonymous=True),
    get("/v1/events/{type}", "gateway.event_schema", anonymous=True),
)
