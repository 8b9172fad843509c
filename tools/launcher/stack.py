"""What runs for one clone: the environment that every part reads, and the programs of services and gateway."""

import os
from dataclasses import dataclass

from tools.launcher import mail, ports, postgres, venv
from tools.launcher.broker import Broker
from tools.launcher.memory import secret_store, state
from tools.launcher.place import Place
from tools.launcher.processes import Program

_SERVICES_TIER, _GATEWAY_TIER = 2, 3
_USUAL_PORT = 8080


@dataclass(frozen=True, kw_only=True, slots=True)
class Options:
    """What the person asked for."""

    postgres: bool = False
    processes: bool = False
    workers: int = 1
    detach: bool = False
    demo: bool = True
    host: str = "127.0.0.1"
    port: int | None = None
    observe: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Stack:
    """The programs of mail, services and gateway with the ports where each process says that it is ready."""

    environment: dict[str, str]
    mail: list[Program]
    services: Program
    gateway: Program
    ops_ports: range
    ops_names: list[str]
    host: str
    port: int

    @property
    def address(self) -> str:
        """Where a browser finds the gateway."""
        return _address(self.host, self.port)


def build(place: Place, options: Options, broker: Broker) -> Stack:
    """Return the stack for these choices; ports are taken from what the clone remembers."""
    memory = state(place)
    if options.port is None:
        port = ports.remembered(memory, "gateway", prefer=_USUAL_PORT)
    else:
        port = ports.demanded(memory, "gateway", options.port)
    mail_server = mail.program(place, venv.environment(place))
    environment = shared_environment(place, broker.url, on_postgres=options.postgres)
    environment.setdefault("TRATO_PUBLIC_URL", _address(options.host, port))
    environment["TRATO_HTTP_ADDRESS"] = f"{options.host}:{port}"
    # The runner gives its processes neighbouring ports, the first one the port named.
    names = _process_names(place, options)
    count = len(names)
    first = ports.remembered(memory, "ops", count=count + 1)
    command = [str(place.python), "-m", "chassis.ops.runner", "all", "--workers", str(options.workers)]
    if options.processes:
        command.append("--apart")
    services = Program(
        name="services",
        command=command,
        environment={**environment, "TRATO_OPS_ADDRESS": f"127.0.0.1:{first}"},
        tier=_SERVICES_TIER,
        patience=30,
    )
    gateway = Program(
        name="gateway",
        command=[str(place.python), "-m", "gateway"],
        environment={**environment, "TRATO_OPS_ADDRESS": f"127.0.0.1:{first + count}"},
        tier=_GATEWAY_TIER,
    )
    return Stack(
        environment=environment,
        mail=mail_server,
        services=services,
        gateway=gateway,
        ops_ports=range(first, first + count),
        ops_names=names,
        host=options.host,
        port=port,
    )


def _process_names(place: Place, options: Options) -> list[str]:
    """Return the names of the runner's processes, in the order of their ports."""
    groups = place.services() if options.processes else ["services"]
    if options.workers == 1:
        return groups
    return [f"{group}/{worker + 1}" for group in groups for worker in range(options.workers)]


def shared_environment(place: Place, broker_url: str, *, on_postgres: bool) -> dict[str, str]:
    """Return the settings that all parts share; a variable that the person has set stays as it is."""
    environment = venv.environment(place)
    ours = {
        "TRATO_ENVIRONMENT": "development",
        "TRATO_SECRET_KEY": secret_store(place).secret("secret_key"),
        "TRATO_BROKER_URL": broker_url,
        "TRATO_BLOBS": f"file://{place.data / 'blobs'}",
        **mail.settings(place),
        # glibc otherwise keeps an arena per thread, and what a busy minute took, for good.
        "MALLOC_ARENA_MAX": "2",
        "MALLOC_MMAP_THRESHOLD_": "65536",
        "MALLOC_TRIM_THRESHOLD_": "65536",
    }
    if on_postgres:
        ours |= {f"TRATO_DATABASE_URL_{name.upper()}": postgres.url(place, name) for name in place.services()}
        environment.pop("TRATO_DATABASE_URL", None)
    else:
        ours["TRATO_DATABASE_URL"] = f"sqlite:///{place.data}/{{service}}.sqlite3"
    return {**ours, **environment}


def last_environment(place: Place) -> dict[str, str]:
    """Return the settings of the stack as it was started last, for the tools that talk to it."""
    memory = state(place)
    address = os.environ.get("TRATO_BROKER_URL") or broker_url(place)
    environment = shared_environment(place, address, on_postgres=memory.get("database", "") == "postgres")
    environment.setdefault("TRATO_HTTP_ADDRESS", f"127.0.0.1:{memory.get('port.gateway', 8080)}")
    return environment


def broker_url(place: Place) -> str:
    """Return the URL of the private broker that was started last; empty when there was none."""
    return secret_store(place).get("broker.url", "")


def _address(host: str, port: int) -> str:
    return f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}"  # noqa: S104 - compared only
