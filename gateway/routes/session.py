"""Signing in, and who one is."""

from gateway.route import create, delete, get, patch, post

ROUTES = (
    create("/v1/session", "gateway.log_in", anonymous=True),
    get("/v1/session", "gateway.who_am_i"),
    delete("/v1/session", "gateway.log_out"),
    patch("/v1/session", "administration.update_profile"),
    post("/v1/session/password", "administration.change_own_password"),
    create("/v1/session/token", "gateway.token"),
)
