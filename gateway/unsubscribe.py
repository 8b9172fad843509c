"""The page behind the link in a message by which whoever reads an address wants no more of them.

Looking changes nothing: mail scanners follow links. Pressing the button, or the mail program's own (RFC 8058), posts;
what is posted does not matter, the link says everything.
"""

from html import escape
from typing import Any, Final

import orjson

from chassis.client import Client
from gateway.answers import Answer
from gateway.dispatch import rpc_headers
from gateway.parameters import refuse_all
from gateway.request import Request
from gateway.settings import GatewaySettings

LOOK: Final = "notifications.open_unsubscribing"
CLICK: Final = "notifications.unsubscribe"
_PAGE: Final = """<!doctype html>
<html lang="{locale}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex">
<title>{title}</title>
</head>
<body>
<h1>{title}</h1>
{content}
</body>
</html>
"""
_BUTTON: Final = """<p>{ask}</p>
<form method="post">
<input type="hidden" name="List-Unsubscribe" value="One-Click">
<button>{button}</button>
</form>"""
_WORDS: Final = {
    "es": {
        "title": "Darse de baja",
        "ask": "¿No quiere recibir más {what} en esta dirección?",
        "button": "Darme de baja",
        "done": "Hecho: no enviaremos más {what} a esta dirección.",
        "marketing": "publicidad",
        "survey": "encuestas",
    },
    "en": {
        "title": "Unsubscribe",
        "ask": "Do you want no more {what} at this address?",
        "button": "Unsubscribe",
        "done": "Done: we send no more {what} to this address.",
        "marketing": "advertising",
        "survey": "surveys",
    },
}


class Unsubscribe:
    """Nobody signs in here: who has the link reads the address."""

    def __init__(self, client: Client, settings: GatewaySettings) -> None:
        self._client = client
        self._settings = settings

    def page(self, request: Request) -> Answer:
        """Return the page with its button, or that it is done already; 404 for a link that is not ours."""
        refuse_all(request)
        return self._shown(request, LOOK)

    def unsubscribe(self, request: Request) -> Answer:
        """Opt the address out and say so; 404 for a link that is not ours."""
        refuse_all(request)
        return self._shown(request, CLICK)

    def _shown(self, request: Request, operation: str) -> Answer:
        headers, timeout = rpc_headers(request), self._settings.request_timeout
        reply = self._client.call(operation, *request.ids, headers=headers, timeout=timeout)
        page = _page(orjson.loads(reply.body), request.locale)
        said = [("Content-Type", "text/html; charset=utf-8"), ("Cache-Control", "no-store")]
        return Answer(200, page.encode(), said)


def _page(found: dict[str, Any], locale: str) -> str:
    words = _WORDS[locale]
    what = words.get(found["purpose"], found["purpose"])
    if found["unsubscribed"]:
        content = f"<p>{escape(words['done'].format(what=what))}</p>"
    else:
        content = _BUTTON.format(ask=escape(words["ask"].format(what=what)), button=escape(words["button"]))
    return _PAGE.format(locale=locale, title=escape(words["title"]), content=content)
