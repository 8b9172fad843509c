"""The commands of `./trato`, each with its sentence; an unknown one is answered with the nearest."""

import argparse
import difflib
from collections.abc import Callable
from dataclasses import dataclass

from tools.launcher import checks, compose_env, demo, forward, mail, reset, running, status, subscriber, up
from tools.launcher.place import Place
from tools.launcher.stack import Options
from tools.launcher.terminal import complain, say
from tools.launcher.words import tr

_HELP_WORDS = {"help", "-h", "--help", "ayuda"}


@dataclass(frozen=True, slots=True)
class Command:
    """What a command does and what help says of it."""

    run: Callable[[Place, list[str]], int]
    english: str
    spanish: str


def dispatch(place: Place, arguments: list[str]) -> int:
    """Run the command named first; without one show the help."""
    name, rest = (arguments[0], arguments[1:]) if arguments else ("help", [])
    if name in _HELP_WORDS:
        return _help(place, rest)
    command = COMMANDS.get(name)
    if command is None:
        complain(tr(f"There is no command {name}.", f"No existe la orden {name}."))
        if near := difflib.get_close_matches(name, COMMANDS, n=1, cutoff=0.5):
            complain(tr(f"Did you mean ./trato {near[0]}?", f"¿Quiso decir ./trato {near[0]}?"))
        complain(tr("./trato help lists them all.", "./trato help las muestra todas."))
        return 2
    place.prepare()
    return command.run(place, rest)


def _help(_place: Place, _arguments: list[str]) -> int:
    say(tr("./trato COMMAND [options]", "./trato ORDEN [opciones]") + "\n")
    for name, command in COMMANDS.items():
        say(f"  {name:<12} {tr(command.english, command.spanish)}")
    say(tr("\n./trato COMMAND --help tells its options.", "\n./trato ORDEN --help explica sus opciones."))
    return 0


def _up(place: Place, arguments: list[str]) -> int:
    parser = _parser("up")
    add = parser.add_argument
    add("-d", "--detach", action="store_true", help=tr("come back when ready", "volver cuando esté listo"))
    add("--postgres", action="store_true", help=tr("PostgreSQL instead of SQLite", "PostgreSQL en vez de SQLite"))
    add("--processes", action="store_true", help=tr("a process per service", "un proceso por servicio"))
    add("--workers", type=_positive, default=1, metavar="N", help=tr("processes per service", "procesos por servicio"))
    add("--observe", action="store_true", help=tr("Prometheus with our alerts", "Prometheus con nuestras alertas"))
    add("--port", type=_positive, help=tr("port of the gateway (8080 or the next free)", "puerto de la pasarela"))
    add("--host", default="127.0.0.1", help=tr("address to listen on", "dirección en la que escuchar"))
    add("--no-demo", dest="demo", action="store_false", help=tr("no demo data", "sin datos de demostración"))
    options = Options(**vars(parser.parse_args(arguments)))
    return up.detached(place, options) if options.detach else up.run(place, options)


def _down(place: Place, arguments: list[str]) -> int:
    _parser("down").parse_args(arguments)
    stopped = running.stop(place)
    if stopped:
        say(tr(f"Stopped: {', '.join(stopped)}.", f"Detenido: {', '.join(stopped)}."))
    else:
        say(tr("Nothing was running here.", "Aquí no había nada en marcha."))
    return 0


def _status(place: Place, arguments: list[str]) -> int:
    _parser("status").parse_args(arguments)
    return status.show(place)


def _logs(place: Place, arguments: list[str]) -> int:
    parser = _parser("logs")
    parser.add_argument(
        "name", nargs="?", help=tr("which log; without it, their names", "qué registro; sin él, los nombres")
    )
    parser.add_argument("-f", "--follow", action="store_true", help=tr("go on as it grows", "seguir según crece"))
    parser.add_argument("-n", "--lines", type=_positive, default=60, metavar="N")
    options = parser.parse_args(arguments)
    return status.logs(place, options.name, follow=options.follow, lines=options.lines)


def _token(place: Place, arguments: list[str]) -> int:
    # The HTTP client and its TLS would otherwise stay in the memory of every launcher.
    from tools.launcher import api_token

    return api_token.run(place, arguments)


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError
    return number


def _parser(name: str) -> argparse.ArgumentParser:
    command = COMMANDS[name]
    return argparse.ArgumentParser(prog=f"./trato {name}", description=tr(command.english, command.spanish))


COMMANDS = {
    "up": Command(_up, "start everything and watch over it", "arrancar todo y vigilarlo"),
    "down": Command(_down, "stop everything that this clone runs", "parar todo lo que este clon ejecuta"),
    "status": Command(_status, "show what runs", "mostrar qué está en marcha"),
    "logs": Command(_logs, "show a log", "mostrar un registro"),
    "test": Command(checks.test, "all checks and all tests", "todas las comprobaciones y pruebas"),
    "check": Command(checks.check, "the static checks alone", "solo las comprobaciones estáticas"),
    "demo": Command(
        demo.run, "play one customer's story through all services", "representar la historia de un cliente"
    ),
    "mail": Command(mail.run, "show the mails that have left", "mostrar los correos que han salido"),
    "token": Command(_token, "print an API token for scripts", "mostrar un token de API para programas"),
    "events": Command(
        forward.to("events"), "tail, replay, parked, resend, orphans", "ver, repetir, aparcados, reenviar, huérfanos"
    ),
    "subscriber": Command(
        subscriber.run,
        "credentials that can read events and do nothing else",
        "credenciales que pueden leer eventos y nada más",
    ),
    "bench": Command(forward.bench, "measure: bus, events, api or cases", "medir: bus, events, api o cases"),
    "migrate": Command(
        forward.to("migrate"), "databases: up, down, revision, check", "bases de datos: up, down, revision, check"
    ),
    "new-service": Command(
        forward.to("new_service"), "make the folder of a new service", "crear la carpeta de un nuevo servicio"
    ),
    "compose-env": Command(
        compose_env.run,
        "write .env with random secrets for docker-compose",
        "escribir .env con secretos para docker-compose",
    ),
    "reset": Command(reset.run, "remove all data of this clone", "borrar todos los datos de este clon"),
}
