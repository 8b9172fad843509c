"""A private PostgreSQL server that a test run starts and throws away."""

import os
import secrets
import shutil
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

import psycopg2

from tests.kit.files import let_others_in
from tests.kit.rabbitmq import free_ports

_USER = "postgres"  # PostgreSQL refuses root, so root starts it as this user
_FAST = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "wal_level=minimal",
    "max_wal_senders=0",
)


class PostgresDidNotStart(RuntimeError):
    """The server ended or did not answer in time; the text holds the end of its log."""


def binaries() -> Path | None:
    """The folder of `initdb` and `postgres`, the newest installed, or None."""
    found = sorted(
        (path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")),
        key=lambda folder: float(folder.parent.name),
    )
    on_path = shutil.which("initdb")
    return found[-1] if found else Path(on_path).parent if on_path else None


def installed() -> bool:
    """Whether this machine has what `start_postgres` needs."""
    return binaries() is not None


def start_postgres(directory: Path, port: int | None = None, *, durable: bool = False) -> "Postgres":
    """Start a server that keeps its data in `directory` and listens on `port` of 127.0.0.1 (2 s).

    It forgets on a power cut unless `durable`: tests want speed, measurements want fsync. A directory that
    holds data already is used as it is.
    """
    server = Postgres(Path(directory), port or free_ports(1), durable)
    server.start()
    return server


@dataclass
class Postgres:
    """A handle on one private server; `stop` keeps its data, `kill` is a power cut."""

    directory: Path
    port: int
    durable: bool = False
    _server: "subprocess.Popen[bytes] | None" = field(default=None, init=False)
    _made: int = field(default=0, init=False)

    @property
    def url(self) -> str:
        """The SQLAlchemy URL of the database `postgres`."""
        return self.url_of("postgres")

    def url_of(self, database: str) -> str:
        """The SQLAlchemy URL of one database of this server."""
        return f"postgresql+psycopg2://{_USER}@127.0.0.1:{self.port}/{database}"

    def new_database(self, name: str | None = None) -> str:
        """Make an empty database (about 30 ms) and return its SQLAlchemy URL."""
        self._made += 1
        database = name or f"test_{self._made}_{secrets.token_hex(3)}"
        self._administer(f'CREATE DATABASE "{database}"{_quickly()}')
        return self.url_of(database)

    def drop_database(self, url: str) -> None:
        """Remove a database that `new_database` made, whoever is connected."""
        self._administer(f'DROP DATABASE IF EXISTS "{url.rsplit("/", 1)[1]}" WITH (FORCE)')

    def _administer(self, statement: str) -> None:
        # A connection of our own costs a tenth of starting psql.
        connection = psycopg2.connect(host="127.0.0.1", port=self.port, user=_USER, dbname="postgres")
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(statement)
        finally:
            connection.close()

    def run_sql(self, statement: str, database: str = "postgres") -> str:
        """Run one statement as the superuser; return what it printed, without decoration."""
        folder = binaries()
        assert folder is not None
        address = ["-h", "127.0.0.1", "-p", str(self.port), "-U", _USER, "-d", database]
        done = subprocess.run(
            [folder / "psql", *address, "-XAtqc", statement], capture_output=True, text=True, timeout=60
        )
        if done.returncode:
            message = f"{statement} → {done.stderr}"
            raise RuntimeError(message)
        return done.stdout.strip()

    def start(self) -> None:
        """Start the server with the data it has; returns when it answers."""
        folder = binaries()
        if folder is None:
            message = "PostgreSQL is not installed: there is no initdb"
            raise PostgresDidNotStart(message)
        let_others_in(self.directory)
        data = self.directory / "data"
        if not (data / "PG_VERSION").exists():
            self._initialise(folder, data)
        options = [] if self.durable else [part for setting in _FAST for part in ("-c", setting)]
        log = (self.directory / "out.log").open("ab")
        self._server = subprocess.Popen(
            [folder / "postgres", "-D", data, "-p", str(self.port), "-h", "127.0.0.1",
             "-c", "max_connections=200", "-c", "unix_socket_directories=", *options],
            stdout=log, stderr=log, cwd=self.directory, start_new_session=True, **_as_user(),
        )  # fmt: skip
        log.close()
        self._wait_until_it_answers(folder)

    def stop(self) -> None:
        """Stop the server, ending its connections."""
        self._end("terminate")

    def kill(self) -> None:
        """Kill the server (-9)."""
        self._end("kill")

    def _initialise(self, folder: Path, data: Path) -> None:
        if os.geteuid() == 0:
            shutil.chown(self.directory, _USER)
        done = subprocess.run(
            [folder / "initdb", "-D", data, "-U", _USER, "-A", "trust", "-N",
             "-E", "UTF8", "--locale=C.UTF-8"],
            capture_output=True, text=True, cwd=self.directory, **_as_user(),
        )  # fmt: skip
        if done.returncode:
            raise PostgresDidNotStart(done.stdout[-1000:] + done.stderr[-1000:])

    def _wait_until_it_answers(self, folder: Path) -> None:
        end = time.monotonic() + 120
        while time.monotonic() < end:
            if self._server is None or self._server.poll() is not None:
                break
            ready = subprocess.run([folder / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)], check=False)
            if ready.returncode == 0:
                return
            time.sleep(0.05)
        raise PostgresDidNotStart((self.directory / "out.log").read_text(errors="replace")[-2000:])

    def _end(self, how: str) -> None:
        server, self._server = self._server, None
        if server is None or server.poll() is not None:
            return
        if how == "kill":
            os.killpg(server.pid, 9)
        else:
            # SIGINT is PostgreSQL's fast shutdown: it does not wait for clients to leave.
            server.send_signal(2)
        try:
            server.wait(60)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, 9)
            server.wait()


def _quickly() -> str:
    """Return how to copy the template: since version 15 the default writes the whole copy to the log as well."""
    folder = binaries()
    name = folder.parent.name if folder is not None else ""
    return " STRATEGY file_copy" if name.isdigit() and int(name) >= 15 else ""


def _as_user() -> dict[str, object]:
    return {"user": _USER, "group": _USER, "extra_groups": []} if os.geteuid() == 0 else {}
