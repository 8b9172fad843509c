"""Where the pages of the event catalogue are: `/docs/events` and `/docs/events/<type>`, in the reader's language."""

from typing import Final

from flask import Blueprint, Response, request
from werkzeug.exceptions import NotFound

from gateway import event_pages

PAGES: Final = Blueprint("events", __name__)


@PAGES.get("/docs/events")
def events() -> Response:
    """Return the list of all events."""
    return _page(event_pages.index(_language()))


@PAGES.get("/docs/events/<type_>")
def event(type_: str) -> Response:
    """Return the page of one event."""
    page = event_pages.event(type_, _language())
    if page is None:
        raise NotFound
    return _page(page)


def _language() -> str:
    return request.accept_languages.best_match(event_pages.LANGUAGES) or event_pages.LANGUAGES[0]


def _page(text: str) -> Response:
    page = Response(text, content_type="text/html; charset=utf-8")
    page.headers["Vary"] = "Accept-Language"
    page.headers["Cache-Control"] = "public, max-age=60"
    return page
