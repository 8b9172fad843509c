"""What is no API: the documentation pages, health and figures. A small Flask application of its own."""

from pathlib import Path
from typing import Final

from flask import Flask, Response, jsonify, redirect, send_from_directory
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from gateway import figures, security
from gateway.event_site import PAGES
from gateway.health import Health

STATIC: Final = Path(__file__).resolve().parent / "static"


def make_site(health: Health) -> Flask:
    """Return the application; it knows no broker and no service but through ``health``."""
    site = Flask("trato", static_folder=None)
    site.register_blueprint(PAGES)

    @site.get("/")
    def home() -> BaseResponse:
        return redirect("/docs")

    @site.get("/docs")
    def docs() -> Response:
        return send_from_directory(STATIC, "docs.html", max_age=60)

    @site.get("/docs/<path:name>")
    def docs_file(name: str) -> Response:
        return send_from_directory(STATIC, name, max_age=300)

    @site.get("/healthz")
    def healthz() -> Response:
        return jsonify(status="alive")

    @site.get("/readyz")
    def readyz() -> tuple[Response, int]:
        ready, known = health.report()
        return jsonify(known), 200 if ready else 503

    @site.get("/metrics")
    def metrics() -> Response:
        text, media_type = figures.exposition()
        return Response(text, content_type=media_type)

    @site.errorhandler(HTTPException)
    def refused(error: HTTPException) -> tuple[Response, int]:
        status = error.code or 500
        answer = jsonify(type="about:blank", title=error.name, status=status, code=_slug(error.name))
        answer.content_type = "application/problem+json"
        return answer, status

    @site.after_request
    def protect(response: Response) -> Response:
        for name, value in security.HEADERS:
            response.headers[name] = value
        response.headers["Content-Security-Policy"] = security.PAGE_POLICY
        return response

    return site


def _slug(name: str) -> str:
    return name.lower().replace(" ", "-")
