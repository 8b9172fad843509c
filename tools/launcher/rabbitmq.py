"""A RabbitMQ node of this clone alone: own name, own ports, own epmd, own folders; it never meets another node."""

import os
import shutil
import uuid
from pathlib import Path

from tools.launcher import ports
from tools.launcher.memory import secret_store, state
from tools.launcher.place import Place
from tools.launcher.processes import Program

USER = "trato"
VHOST = "trato"
# Quorum queues keep this much of their log in memory before it moves to disk; left alone it would be 512 MB.
QUORUM_LOG = "raft.wal_max_size_bytes = 16777216"

# Debian's /usr/sbin/rabbitmq-server insists on being root or the user rabbitmq; the script behind it does not.
_SCRIPTS = (
    Path("/usr/lib/rabbitmq/bin/rabbitmq-server"),
    Path("/usr/local/sbin/rabbitmq-server"),
    Path("/opt/homebrew/sbin/rabbitmq-server"),
)


def script() -> Path | None:
    """Return the server's start script, or None when RabbitMQ is not installed."""
    for found in _SCRIPTS:
        if found.exists():
            return found
    on_path = shutil.which("rabbitmq-server")
    return Path(on_path) if on_path and Path(on_path) != Path("/usr/sbin/rabbitmq-server") else None


def programs(place: Place, server: Path, *, metrics_port: int | None) -> tuple[str, list[Program]]:
    """Return the broker's URL and the two programs, epmd first, that make it.

    With ``metrics_port`` the node shows its figures there, which costs it some twenty megabytes.
    """
    memory, home = state(place), place.hidden / "broker"
    port = ports.remembered(memory, "broker", count=3)
    distribution, epmd_port = port + 1, port + 2
    node = memory.get("broker.node", "") or f"trato-{uuid.uuid4().hex[:10]}@localhost"
    memory.put("broker.node", node)
    password = secret_store(place).secret("broker")
    _write_configuration(home, port, password, metrics_port)
    environment = {
        **_neighbourhood(home, node, epmd_port),
        "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
        "RABBITMQ_NODE_PORT": str(port),
        "RABBITMQ_DIST_PORT": str(distribution),
        "RABBITMQ_MNESIA_BASE": str(home / "mnesia"),
        "RABBITMQ_LOG_BASE": str(home / "log"),
        "RABBITMQ_PID_FILE": str(home / "node.pid"),
        "RABBITMQ_CONFIG_FILE": str(home / "rabbitmq.conf"),
        "RABBITMQ_ADVANCED_CONFIG_FILE": str(home / "advanced.config"),
        "RABBITMQ_GENERATED_CONFIG_DIR": str(home / "generated"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(home / "plugins"),
        # A machine of a developer: few schedulers, no spinning, a small process table.
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": (
            "+S 2:2 +SDcpu 1:1 +SDio 2 +sbwt none +sbwtdcpu none +sbwtdio none "
            "-kernel inet_dist_use_interface {127,0,0,1}"
        ),
        "RABBITMQ_MAX_NUMBER_OF_PROCESSES": "131072",
    }
    epmd = Program(
        name="epmd",
        command=[shutil.which("epmd") or "epmd", "-address", "127.0.0.1", "-port", str(epmd_port)],
        environment=environment,
        tier=0,
        patience=3,
    )
    broker = Program(name="broker", command=[str(server)], environment=environment, tier=1, folder=home, patience=30)
    return f"amqp://{USER}:{password}@127.0.0.1:{port}/{VHOST}", [epmd, broker]


def control(place: Place) -> tuple[list[str], dict[str, str]]:
    """Return the command that administers the clone's node, and the environment that it needs."""
    memory, home = state(place), place.hidden / "broker"
    server = script()
    beside = server.with_name("rabbitmqctl") if server else Path("rabbitmqctl")
    return [str(beside)], _neighbourhood(home, memory.get("broker.node", ""), memory.get("port.broker", 0) + 2)


def _neighbourhood(home: Path, node: str, epmd_port: int) -> dict[str, str]:
    """Return what whoever talks to the node needs to find it, and it alone."""
    return {
        **{key: value for key, value in os.environ.items() if not key.startswith(("RABBITMQ_", "ERL_"))},
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "ERL_EPMD_PORT": str(epmd_port),
        "ERL_EPMD_ADDRESS": "127.0.0.1",
        "RABBITMQ_NODENAME": node,
        "RABBITMQ_CONF_ENV_FILE": str(home / "environment"),
    }


def _write_configuration(home: Path, port: int, password: str, metrics_port: int | None) -> None:
    for folder in (home, home / "mnesia", home / "log", home / "generated"):
        folder.mkdir(mode=0o700, exist_ok=True)
    (home / "environment").write_text("", encoding="ascii")
    (home / "advanced.config").write_text("[].\n", encoding="ascii")
    plugins = "" if metrics_port is None else "rabbitmq_prometheus"
    (home / "plugins").write_text(f"[{plugins}].\n", encoding="ascii")
    # Figures that nobody looks at are taken seldom.
    metrics = "collect_statistics_interval = 30000"
    if metrics_port is not None:
        metrics = f"prometheus.tcp.ip = 127.0.0.1\nprometheus.tcp.port = {metrics_port}"
    settings = home / "rabbitmq.conf"
    settings.touch(mode=0o600)
    settings.write_text(
        f"""listeners.tcp.1 = 127.0.0.1:{port}
default_user = {USER}
default_pass = {password}
default_vhost = {VHOST}
vm_memory_high_watermark.absolute = 512MB
disk_free_limit.absolute = 50MB
{QUORUM_LOG}
{metrics}
log.console = false
log.file = broker.log
log.file.level = info
""",
        encoding="ascii",
    )
