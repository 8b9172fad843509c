"""Finds a message broker: the one named, an installed RabbitMQ, Docker, or Debian's package, in that order."""

import os
import shutil
import subprocess
from dataclasses import dataclass, field

from tools.launcher import machine, ports, rabbitmq
from tools.launcher.memory import secret_store, state
from tools.launcher.place import Place
from tools.launcher.processes import Program
from tools.launcher.trouble import Trouble
from tools.launcher.words import tr

_IMAGE = "rabbitmq:4-management"


@dataclass(frozen=True, slots=True)
class Broker:
    """A broker's URL, a word about where it came from, and the programs that must run for it.

    ``metrics_port`` is where a broker of ours shows its figures, if that was asked for.
    """

    url: str = field(repr=False)
    origin: str
    programs: list[Program]
    metrics_port: int | None = None


def find(place: Place, *, observe: bool = False) -> Broker:
    """Return a broker for this clone; with ``observe`` one of ours shows its figures.

    Raises ``Trouble`` that names the four ways when none is open.
    """
    if url := os.environ.get("TRATO_BROKER_URL"):
        return Broker(url, tr("the one in TRATO_BROKER_URL", "el de TRATO_BROKER_URL"), [])
    if rabbitmq.script() is None and _docker_runs():
        return _in_docker(place, observe=observe)
    if rabbitmq.script() is None and machine.can_install():
        machine.install(place, "rabbitmq-server")
    server = rabbitmq.script()
    if server is None:
        raise Trouble(
            tr(
                "No message broker was found: install one with `sudo apt-get install rabbitmq-server`, start Docker, "
                "or name a running one in TRATO_BROKER_URL (amqp://user:password@host:5672/vhost).",
                "No se encontró ningún bróker de mensajes: instale uno con `sudo apt-get install rabbitmq-server`, "
                "arranque Docker o indique uno en TRATO_BROKER_URL (amqp://usuario:clave@host:5672/vhost).",
            )
        )
    metrics_port = ports.remembered(state(place), "broker.metrics") if observe else None
    url, programs = rabbitmq.programs(place, server, metrics_port=metrics_port)
    return Broker(url, tr("private RabbitMQ node", "nodo RabbitMQ privado"), programs, metrics_port)


def docker_name(place: Place) -> str:
    """Return the name of this clone's container and volume; empty when Docker was never used."""
    return state(place).get("broker.docker", "")


def _docker_runs() -> bool:
    if shutil.which("docker") is None:
        return False
    return subprocess.run(["docker", "info"], capture_output=True, check=False, timeout=20).returncode == 0


def _in_docker(place: Place, *, observe: bool) -> Broker:
    """Run the official image in the foreground: the container ends with the program that shows it."""
    memory, password = state(place), secret_store(place).secret("broker")
    port = ports.remembered(memory, "broker", count=3)
    name = docker_name(place) or f"trato-{secret_store(place).secret('docker')[:10].lower()}"
    memory.put("broker.docker", name)
    # A container that outlived a killed launcher would keep the name.
    subprocess.run(["docker", "rm", "-f", name], capture_output=True, check=False)
    environment = {
        **os.environ,
        "RABBITMQ_DEFAULT_USER": rabbitmq.USER,
        "RABBITMQ_DEFAULT_PASS": password,
        "RABBITMQ_DEFAULT_VHOST": rabbitmq.VHOST,
    }
    command = ["docker", "run", "--rm", "--name", name, "--hostname", name, "-p", f"127.0.0.1:{port}:5672"]
    command += ["-v", f"{name}:/var/lib/rabbitmq"]
    if observe:
        # The image shows its figures without being asked.
        command += ["-p", f"127.0.0.1:{port + 1}:15692"]
    # The values travel in the environment, so that `ps` shows no password.
    for key in ("RABBITMQ_DEFAULT_USER", "RABBITMQ_DEFAULT_PASS", "RABBITMQ_DEFAULT_VHOST"):
        command += ["-e", key]
    program = Program(name="broker", command=[*command, _IMAGE], environment=environment, tier=1, patience=40)
    url = f"amqp://{rabbitmq.USER}:{password}@127.0.0.1:{port}/{rabbitmq.VHOST}"
    origin = tr(f"RabbitMQ in Docker ({name})", f"RabbitMQ en Docker ({name})")
    return Broker(url, origin, [program], port + 1 if observe else None)
