"""`./trato token`: an API key of the demonstration's administrator, made once and kept in `.trato/secrets.json`."""

import http.client
import json
from http import HTTPStatus

from tools.launcher import running
from tools.launcher.bring_up import DEMO_PASSWORD
from tools.launcher.memory import secret_store
from tools.launcher.place import Place
from tools.launcher.terminal import complain, say
from tools.launcher.trouble import Trouble
from tools.launcher.words import tr

_LOGIN = {"username": "admin", "password": DEMO_PASSWORD}
_SECONDS = 30


def run(place: Place, arguments: list[str]) -> int:
    """Print a token that the gateway accepts now."""
    if arguments:
        complain(tr("./trato token takes no options.", "./trato token no admite opciones."))
        return 2
    found = running.launcher(place)
    if found is None:
        raise Trouble(tr("Trato is not running: start it with ./trato up.", "Trato no está en marcha: use ./trato up."))
    store = secret_store(place)
    address = found[1].removeprefix("http://")
    token = store.get("token", "")
    if not token or _ask(address, "GET", "/v1/session", {"Authorization": f"Bearer {token}"})[0] != HTTPStatus.OK:
        token = _make(address)
        store.put("token", token)
    say(token)
    return 0


def _make(address: str) -> str:
    """Sign in, make a key with every permission of the administrator, sign out."""
    status, session = _ask(address, "POST", "/v1/session", {}, _LOGIN)
    if status != HTTPStatus.CREATED:
        raise _refused(status, session)
    signed_in = {"Authorization": f"Bearer {session['access_token']}"}
    status, made = _ask(address, "POST", "/v1/api-keys", signed_in, {"name": "./trato token", "scopes": ["*:*"]})
    if status != HTTPStatus.CREATED:
        raise _refused(status, made)
    _ask(address, "DELETE", "/v1/session", signed_in)
    return str(made["token"])


def _refused(status: int, answer: dict[str, object]) -> Trouble:
    reason = answer.get("detail", status)
    return Trouble(tr(f"The gateway refused the token: {reason}", f"La pasarela denegó el token: {reason}"))


def _ask(
    address: str, method: str, path: str, headers: dict[str, str], body: object = None
) -> tuple[int, dict[str, object]]:
    connection = http.client.HTTPConnection(address, timeout=_SECONDS)
    try:
        content = None if body is None else json.dumps(body)
        connection.request(method, path, content, {"Content-Type": "application/json", **headers})
        answer = connection.getresponse()
        received = answer.read()
    except OSError as error:
        raise Trouble(tr(f"The gateway does not answer: {error}", f"La pasarela no responde: {error}")) from error
    finally:
        connection.close()
    parsed = json.loads(received) if received.startswith(b"{") else {}
    return answer.status, parsed
