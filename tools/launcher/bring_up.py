"""The steps from an empty clone to a system that answers."""

import os
import subprocess
from collections.abc import Callable

from tools.launcher import broker, processes, prometheus, ready, stack, venv
from tools.launcher.broker import Broker
from tools.launcher.memory import secret_store, state
from tools.launcher.place import Place
from tools.launcher.postgres import Cluster
from tools.launcher.stack import Options, Stack
from tools.launcher.supervisor import Supervisor
from tools.launcher.terminal import step
from tools.launcher.trouble import Trouble
from tools.launcher.words import tr

DEMO_PASSWORD = "trato-demo"  # noqa: S105 - the demonstration's public password
_READY_SECONDS, _TOOL_SECONDS = 60.0, 600.0


class BringUp:
    """One start; every step raises ``Trouble`` with its log."""

    def __init__(self, place: Place, options: Options, supervisor: Supervisor) -> None:
        self._place = place
        self._options = options
        self._supervisor = supervisor

    def run(self) -> Stack:
        """Install, start and wait until the gateway and all services are ready."""
        options, place, supervisor = self._options, self._place, self._supervisor
        if options.workers > 1 and not options.postgres and "TRATO_DATABASE_URL" not in os.environ:
            reason = tr("one SQLite file has one writer", "un fichero SQLite admite un solo escritor")
            raise Trouble(tr(f"--workers needs --postgres: {reason}.", f"--workers necesita --postgres: {reason}."))
        processes.stop_recorded(place)
        venv.ensure(place)
        observer = prometheus.ensure(place) if options.observe else None
        found = broker.find(place, observe=options.observe)
        cluster = Cluster(place) if options.postgres else None
        state(place).put("database", "postgres" if cluster else "sqlite")
        secret_store(place).put("broker.url", found.url)
        built = stack.build(place, options, found)
        for program in [*found.programs, *([cluster.program()] if cluster else []), *built.mail]:
            supervisor.start(program)
        self._prepare_databases(built, cluster)
        # They load while the broker is still starting, and wait for it by themselves.
        supervisor.start(built.services)
        supervisor.start(built.gateway)
        if observer is not None:
            supervisor.start(prometheus.program(place, observer, _targets(built, found)))
        with step(tr("Waiting for the message broker", "Esperando al bróker de mensajes")) as note:
            note(found.origin)
            supervisor.until(lambda: ready.broker_answers(found.url), seconds=_READY_SECONDS, name="broker")
        with step(tr("Waiting for services and gateway", "Esperando a servicios y pasarela")) as note:
            note(", ".join(place.services()))
            for port in built.ops_ports:
                supervisor.until(_is_ready(port), seconds=_READY_SECONDS, name="services")
            supervisor.until(_is_ready(built.port), seconds=_READY_SECONDS, name="gateway")
        if observer is not None:
            with step(tr("Waiting for Prometheus", "Esperando a Prometheus")) as note:
                note(prometheus.address(place))
                port = state(place).get(f"port.{prometheus.NAME}", 0)
                supervisor.until(_is_ready(port, "/-/ready"), seconds=_READY_SECONDS, name=prometheus.NAME)
        self._fill(built)
        return built

    def _prepare_databases(self, built: Stack, cluster: Cluster | None) -> None:
        with step(tr("Preparing databases", "Preparando las bases de datos")) as note:
            note("PostgreSQL" if cluster else "SQLite")
            if cluster:
                self._supervisor.until(cluster.answers, seconds=_READY_SECONDS, name="postgres")
                cluster.create_databases(self._place.services())
            self._tool(built, "migrate", "up")

    def _fill(self, built: Stack) -> None:
        """Give an empty installation somebody who may sign in, and something to look at; once per database."""
        memory = state(self._place)
        database = memory.get("database", "")
        if not memory.get(f"administrator.{database}", default=False):
            with step(tr("Creating the administrator", "Creando el administrador")):
                self._tool(built, "first_administrator", "--if-none", "admin", given=f"{DEMO_PASSWORD}\n")
            memory.put(f"administrator.{database}", value=True)
        if self._options.demo and not memory.get(f"demo.{database}", default=False):
            with step(tr("Loading demo contacts", "Cargando contactos de demostración")):
                self._tool(built, "demo_data")
            memory.put(f"demo.{database}", value=True)

    def _tool(self, built: Stack, module: str, *arguments: str, given: str = "") -> None:
        """Run one of our tools to its end while the supervisor goes on watching."""
        log = self._place.log(module)
        with log.open("wb") as out:
            task = subprocess.Popen(
                [str(self._place.python), "-m", f"tools.{module}", *arguments],
                env=built.environment,
                cwd=self._place.root,
                stdin=subprocess.PIPE,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        try:
            assert task.stdin is not None
            task.stdin.write(given.encode())
            task.stdin.close()
            self._supervisor.until(lambda: task.poll() is not None, seconds=_TOOL_SECONDS, name=module)
        finally:
            if task.poll() is None:
                task.terminate()
                task.wait()
        if task.returncode:
            raise Trouble(tr(f"The step {module} failed.", f"El paso {module} falló."), log)


def _is_ready(port: int, path: str = "/readyz") -> Callable[[], bool]:
    return lambda: ready.http_ok("127.0.0.1", port, path)


def _targets(built: Stack, found: Broker) -> prometheus.Targets:
    return {
        "services": list(zip(built.ops_names, built.ops_ports, strict=True)),
        "gateway": [("gateway", built.port)],
        "broker": [] if found.metrics_port is None else [("broker", found.metrics_port)],
    }
