"""`./trato subscriber NAME`: credentials for another department, which can read events and do nothing else."""

import argparse
import os
from urllib.parse import unquote, urlsplit

from tools import subscribers
from tools.broker_management import Management
from tools.launcher import broker, rabbitmq, running, stack
from tools.launcher.broker_control import Rabbitmqctl
from tools.launcher.place import Place
from tools.launcher.terminal import complain, say
from tools.launcher.trouble import Trouble
from tools.launcher.words import tr


def run(place: Place, arguments: list[str]) -> int:
    """Print the URL of a new subscriber, the only time that its password is shown; or list, renew, remove."""
    chosen = _parser().parse_args(arguments)
    url = address(place)
    try:
        administered = administration(place, chosen.management)
        said = subscribers.carry_out(
            administered, url, chosen.name, place.services(), renew=chosen.renew, gone=chosen.remove
        )
    except subscribers.NotPossible as reason:
        complain(_sentence(reason, chosen.name))
        return 1
    except OSError as error:
        raise Trouble(tr(f"The broker refused: {error}", f"El bróker se negó: {error}")) from error
    if said:
        say(said.rstrip("\n"))
    return 0


def address(place: Place) -> str:
    """Return the URL of the broker whose subscribers are meant."""
    return os.environ.get("TRATO_BROKER_URL") or stack.broker_url(place)


def administration(place: Place, management: str | None = None) -> subscribers.Administration:
    """Return the way to administer the broker: the management API named, or that of our own. Raises ``Trouble``."""
    url = address(place)
    vhost = unquote(urlsplit(url).path.lstrip("/")) or "/"
    if management:
        return Management.at(management, vhost)
    if "TRATO_BROKER_URL" in os.environ:
        raise Trouble(
            tr(
                "This broker is not ours: name its management API with --management http://user:password@host:15672, "
                "or run the lines of docs/how-to/subscribe.md there.",
                "Este bróker no es nuestro: indique su API de gestión con --management http://usuario:clave@host:15672 "
                "o ejecute allí las líneas de docs/how-to/subscribe.md.",
            )
        )
    if running.launcher(place) is None:
        raise Trouble(tr("Trato is not running: start it with ./trato up.", "Trato no está en marcha: use ./trato up."))
    if name := broker.docker_name(place):
        return Rabbitmqctl(["docker", "exec", "-i", name, "rabbitmqctl"], os.environ, vhost)
    return Rabbitmqctl(*rabbitmq.control(place), vhost)


def _sentence(reason: subscribers.NotPossible, name: str) -> str:
    spanish = {
        "unfit": f"{name} no sirve como nombre: minúsculas, cifras y -, y ninguna parte de la suite.",
        "foreign": f"{name} es un usuario del bróker y no un suscriptor: elija otro nombre.",
        "known": f"Ya existe el suscriptor {name}; --renew le da una contraseña nueva.",
        "unknown": f"No existe el suscriptor {name}.",
    }
    return tr(str(reason), spanish[reason.slug])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="./trato subscriber",
        description=tr(
            "credentials that can read events and do nothing else",
            "credenciales que pueden leer eventos y nada más",
        ),
    )
    add = parser.add_argument
    add("name", nargs="?", help=tr("for example billing; without it, all are listed", "p. ej. facturacion"))
    add("--renew", action="store_true", help=tr("a new password", "una contraseña nueva"))
    add("--remove", action="store_true", help=tr("remove it with its queues", "quitarlo con sus colas"))
    add("--management", help=tr("management API of a broker of yours", "API de gestión de un bróker propio"))
    return parser
