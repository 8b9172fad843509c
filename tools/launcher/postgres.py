"""A PostgreSQL cluster of this clone alone, with one database and one role per service."""

import os
import pwd
import re
import shutil
import signal
import subprocess
from pathlib import Path

from tools.launcher import machine, ports
from tools.launcher.memory import Memory, secret_store, state
from tools.launcher.place import Place
from tools.launcher.processes import Program
from tools.launcher.trouble import Trouble
from tools.launcher.words import tr

_ADMINISTRATOR = "postgres"
_EXTENSIONS = ("pg_trgm", "unaccent")


def binaries() -> Path | None:
    """Return the folder of the newest PostgreSQL server on this machine, or None."""
    versions = Path("/usr/lib/postgresql").glob("*/bin/postgres")
    found = max(versions, key=lambda path: int(path.parts[-3]), default=None)
    on_path = shutil.which("postgres")
    if found is None:
        return Path(on_path).resolve().parent if on_path else None
    return found.parent


def url(place: Place, service: str) -> str:
    """Return the URL of one service's database, with its own role, at the port that the cluster had last."""
    password, port = secret_store(place).secret(f"postgres.{service}"), state(place).get("port.postgres", 0)
    return f"postgresql://trato_{service}:{password}@127.0.0.1:{port}/trato_{service}"


class Cluster:
    """The cluster's folder, port and roles."""

    def __init__(self, place: Place) -> None:
        """Find the server programs (installed when we are root) and make the cluster on first use."""
        if binaries() is None:
            machine.install(place, "postgresql")
        found = binaries()
        if found is None:
            raise Trouble(tr("PostgreSQL's programs were not found.", "No se encontraron los programas de PostgreSQL."))
        self._bin = found
        self._place = place
        self._secrets: Memory = secret_store(place)
        # PostgreSQL refuses to run as root.
        self._user = _ADMINISTRATOR if os.geteuid() == 0 else None
        self.port = ports.remembered(state(place), "postgres")
        self.folder = self._choose_folder()
        if not (self.folder / "PG_VERSION").exists():
            self._initialise()

    def program(self) -> Program:
        """Return the server as a program; SIGINT is PostgreSQL's fast and clean shutdown."""
        options = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": "",
            "shared_buffers": "64MB",
            "max_connections": "200",
        }
        command = [str(self._bin / "postgres"), "-D", str(self.folder)]
        for key, value in options.items():
            command += ["-c", f"{key}={value}"]
        return Program(
            name="postgres",
            command=command,
            environment=_plain_environment(),
            tier=1,
            user=self._user,
            folder=self.folder,
            stop_signal=signal.SIGINT,
        )

    def answers(self) -> bool:
        """Whether the server takes connections."""
        asked = [str(self._bin / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        return subprocess.run(asked, env=_plain_environment(), check=False, cwd="/").returncode == 0

    def create_databases(self, services: list[str]) -> None:
        """Create what is missing: a role that owns its database and may enter no other one."""
        present = set(self._sql("postgres", "SELECT datname FROM pg_database").split())
        for service in services:
            name = f"trato_{service}"
            if name in present:
                continue
            password = self._secrets.secret(f"postgres.{service}")
            self._sql("postgres", f"CREATE ROLE {name} LOGIN PASSWORD '{password}'")
            self._sql("postgres", f"CREATE DATABASE {name} OWNER {name}")
            self._sql("postgres", f"REVOKE ALL ON DATABASE {name} FROM PUBLIC")
            for extension in _EXTENSIONS:
                self._sql(name, f"CREATE EXTENSION IF NOT EXISTS {extension}")

    def _sql(self, database: str, statement: str) -> str:
        if not re.fullmatch(r"[a-z_0-9]+", database):
            raise Trouble(tr(f"{database} is no database name.", f"{database} no es un nombre de base de datos."))
        command = [str(self._bin / "psql"), "-XqAt", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", str(self.port)]
        command += ["-U", _ADMINISTRATOR, "-d", database]
        environment = {**_plain_environment(), "PGPASSWORD": self._secrets.secret("postgres")}
        done = subprocess.run(
            command, input=statement, env=environment, capture_output=True, text=True, check=False, cwd="/"
        )
        if done.returncode:
            raise Trouble(
                tr(f"PostgreSQL refused: {done.stderr.strip()}", f"PostgreSQL se negó: {done.stderr.strip()}"),
                self._place.log("postgres"),
            )
        return done.stdout

    def _choose_folder(self) -> Path:
        """Return `.trato/postgres`, or one in the home of the user postgres when it may not pass through ours."""
        memory, inside = state(self._place), self._place.hidden / "postgres"
        kept = memory.get("postgres.folder", "")
        if kept and Path(kept).exists():
            return Path(kept)
        chosen = inside
        if self._user and not _may_enter(self._user, self._place.hidden):
            chosen = Path(pwd.getpwnam(self._user).pw_dir) / f"trato-{self._secrets.secret('postgres')[:10]}"
        chosen.mkdir(mode=0o700, exist_ok=True)
        if self._user:
            shutil.chown(chosen, self._user, self._user)
        memory.put("postgres.folder", str(chosen))
        return chosen

    def _initialise(self) -> None:
        log, password_file = self._place.log("initdb"), self.folder.parent / f".{self.folder.name}-password"
        password_file.touch(mode=0o600)
        password_file.write_text(self._secrets.secret("postgres"), encoding="ascii")
        if self._user:
            shutil.chown(password_file, self._user, self._user)
        command = [str(self._bin / "initdb"), "-D", str(self.folder), "-U", _ADMINISTRATOR, f"--pwfile={password_file}"]
        command += ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions"]
        try:
            with log.open("wb") as out:
                done = subprocess.run(
                    command,
                    env=_plain_environment(),
                    stdout=out,
                    stderr=out,
                    check=False,
                    cwd=self.folder,
                    user=self._user,
                    group=self._user,
                    extra_groups=[] if self._user else None,
                )
        finally:
            password_file.unlink()
        if done.returncode:
            raise Trouble(
                tr("PostgreSQL's cluster could not be made.", "No se pudo crear el clúster de PostgreSQL."), log
            )


def _plain_environment() -> dict[str, str]:
    return {key: value for key, value in os.environ.items() if not key.startswith("PG")}


def _may_enter(user: str, folder: Path) -> bool:
    """Whether ``user`` may pass through every folder above and including ``folder``."""
    asked = subprocess.run(["test", "-x", str(folder)], user=user, group=user, extra_groups=[], check=False, cwd="/")
    return asked.returncode == 0
