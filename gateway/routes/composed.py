"""What the gateway composes of what services say."""

from gateway.route import get, post

ROUTES = (
    get("/v1/customers/{id}", "gateway.customer"),
    get("/v1/customers/{id}/holdings", "gateway.customer_holdings"),
    get("/v1/search", "gateway.search"),
    get("/v1/jobs/{id}", "gateway.job"),
    post("/v1/jobs/{id}/cancel", "gateway.cancel_job"),
    post("/v1/exports", "gateway.export", 202),
    get("/v1/files/{token}", "gateway.file", anonymous=True),
    get("/v1/unsubscribe/{token}", "gateway.unsubscribe_page", anonymous=True),
    post("/v1/unsubscribe/{token}", "gateway.unsubscribe", anonymous=True),
    get("/v1/live", "gateway.live"),
)
