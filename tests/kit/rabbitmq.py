"""A private RabbitMQ node that a test run starts, breaks and throws away."""

import os
import secrets
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

# Another version is tried by naming its server here, with its own epmd and erl_call first on the PATH.
SERVER = Path(os.environ.get("TRATO_TEST_RABBITMQ", "/usr/lib/rabbitmq/bin/rabbitmq-server"))
_GUEST = "guest:guest"
_GREETINGS = 5  # attempts to reach the node from outside
_given: set[int] = set()


# Waits until each quorum queue of a virtual host has its leader and whoever moves its dead letters has begun. Before
# that RabbitMQ 3.10 does not survive that a queue is deleted: the supervisor of all who move dead letters gives up, and
# with it each queue that has dead letters to be moved, in every virtual host.
_SETTLED = (
    '[catch ra:members(amqqueue:get_pid(Queue), 30000) || Queue <- rabbit_amqqueue:list(<<"%s">>), '
    "amqqueue:get_type(Queue) =:= rabbit_quorum_queue], "
    "[catch sys:get_state(Mover, 30000) || {_, Mover, _, _} <- supervisor:which_children(rabbit_fifo_dlx_sup)]"
)


class BrokerDidNotStart(RuntimeError):
    """The node ended or did not listen in time; the text holds the end of its log."""


def installed() -> bool:
    """Whether this machine has what `start_rabbitmq` needs."""
    return SERVER.exists() and shutil.which("erl") is not None


def free_ports(count: int = 3) -> int:
    """The first of `count` neighbouring TCP ports that nobody listens on right now.

    Each test worker has a thousand ports of its own and gets none of them twice: a server that is down for a moment,
    or starts in a moment, finds its ports.
    """
    worker = os.environ.get("PYTEST_XDIST_WORKER", "").removeprefix("gw")
    lowest, number = (13_000 + 1_000 * (int(worker) % 12), 1_000) if worker.isdigit() else (25_000, 7_000)
    while True:
        first = lowest + count * secrets.randbelow(number // count)
        wanted = range(first, first + count)
        if _given.isdisjoint(wanted) and all(map(_is_free, wanted)):
            _given.update(wanted)
            return first


def start_rabbitmq(directory: Path, port: int | None = None, *, settings: str = "", plugins: str = "[].") -> "RabbitMQ":
    """Start a node that keeps everything it writes in `directory`.

    It listens on `port`, talks Erlang on `port + 1` and uses its own epmd on `port + 2`, so any
    number of nodes can live on one machine. ``settings`` are further lines of rabbitmq.conf, ``plugins`` an Erlang
    list. Returns when the node has booted (2 to 7 s).
    """
    node = RabbitMQ(Path(directory), port or free_ports(), settings, plugins)
    node.start()
    return node


@dataclass
class RabbitMQ:
    """A handle on one private node; `stop`, `kill` and `restart` keep its data."""

    directory: Path
    port: int
    settings: str = ""
    plugins: str = "[]."
    _server: subprocess.Popen[bytes] | None = field(default=None, init=False)
    _epmd: subprocess.Popen[bytes] | None = field(default=None, init=False)
    _guard: subprocess.Popen[bytes] | None = field(default=None, init=False)
    _vhosts: int = field(default=0, init=False)

    @property
    def url(self) -> str:
        """The AMQP URL of the default virtual host."""
        return f"amqp://{_GUEST}@127.0.0.1:{self.port}/%2F"

    def new_vhost(self, name: str | None = None) -> str:
        """Make an empty virtual host (50 ms) and return its AMQP URL."""
        self._vhosts += 1
        vhost = name or f"test-{self._vhosts}-{secrets.token_hex(3)}"
        self.evaluate(
            f'rabbit_vhost:add(<<"{vhost}">>, <<"guest">>), '
            f'rabbit_auth_backend_internal:set_permissions(<<"guest">>, <<"{vhost}">>, '
            f'<<".*">>, <<".*">>, <<".*">>, <<"guest">>).'
        )
        return f"amqp://{_GUEST}@127.0.0.1:{self.port}/{quote(vhost, safe='')}"

    def delete_vhost(self, url: str) -> None:
        """Remove a virtual host that `new_vhost` made, with all its queues."""
        vhost = url.rsplit("/", 1)[1]
        self.evaluate(f'{_SETTLED % vhost}, rabbit_vhost:delete(<<"{vhost}">>, <<"guest">>).')

    def memory_alarm(self, *, on: bool) -> None:
        """Raise or clear the memory alarm, which blocks every publisher while it is up; every connection knows then."""
        mark = "0.0000001" if on else "0.6"
        # Each of these answers when it has dealt with what it was told before, and so with the alarm.
        self.evaluate(
            f"vm_memory_monitor:set_vm_memory_high_watermark({mark}), rabbit_alarm:get_alarms(), "
            "[catch rabbit_reader:info(Pid, [pid]) || Pid <- rabbit_networking:local_connections()]."
        )

    def close_connections(self, reason: str = "closed by a test") -> None:
        """Close every client connection from the broker's side."""
        self.evaluate(f'rabbit_networking:close_all_connections("{reason}").')

    def evaluate(self, erlang: str) -> str:
        """Run Erlang expressions inside the node and return the printed result."""
        for _ in range(_GREETINGS):
            done = subprocess.run(
                ["erl_call", "-address", f"127.0.0.1:{self.port + 1}", "-c", "trato", "-e"],
                input=f"{erlang}\n".encode(),
                capture_output=True,
                timeout=60,
                check=False,
                env=self._environment(),
            )
            # Where the machine stood still while the two greeted each other; then nothing was run.
            if b"failed to connect" not in done.stderr or not self.is_running:
                break
        answer = done.stdout.decode()
        if done.returncode != 0 or answer.startswith("{error"):
            message = f"{erlang} → {answer} {done.stderr.decode()}"
            raise RuntimeError(message)
        return answer

    @property
    def is_running(self) -> bool:
        """Whether the node's process lives."""
        return self._server is not None and self._server.poll() is None

    def freeze(self) -> None:
        """Let the node stand still with its connections open, as a machine that hangs."""
        assert self._server is not None
        os.killpg(self._server.pid, signal.SIGSTOP)
        # It stands still when each of its threads does; until then it may still answer.
        os.waitid(os.P_PID, self._server.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)

    def thaw(self) -> None:
        """Let the node go on after ``freeze``."""
        assert self._server is not None
        os.killpg(self._server.pid, signal.SIGCONT)

    def start(self) -> None:
        """Start the node with the data it has; returns when it has booted to the end, every virtual host up.

        A node that ends while it boots is started once more, and standard error says so.
        """
        try:
            self._start_once()
        except BrokerDidNotStart as error:
            _say(f"RabbitMQ on port {self.port} did not start and is started once more: {error}")
            self._start_once()

    def _start_once(self) -> None:
        self._write_configuration()
        log = self._log.open("ab")
        environment = self._environment()
        self._epmd = subprocess.Popen(
            [_epmd_path(), "-port", str(self.port + 2)],
            stdout=log,
            stderr=log,
            env=environment,
        )
        self._server = subprocess.Popen([str(SERVER)], stdout=log, stderr=log, env=environment, start_new_session=True)
        log.close()
        self._guard = _guard(self._server.pid, self._epmd.pid, self._log)
        try:
            self._wait_until_it_has_booted(120)
        except BrokerDidNotStart:
            self.kill()
            raise

    def stop(self) -> None:
        """Stop the node in an orderly way; durable data stays in the directory."""
        self._end(signal.SIGTERM)

    def settle(self) -> None:
        """Write down which queues there are.

        RabbitMQ 3.10 does so by itself only twice a second: a kill leaves quorum queues declared since unusable.
        """
        self.evaluate("[ok = dets:sync(Table) || Table <- dets:all()].")

    def kill(self) -> None:
        """Kill the node (-9), as a power cut would."""
        self._end(signal.SIGKILL)

    def restart(self, *, pause: float = 0.0) -> None:
        """Stop, wait `pause` seconds and start again on the same ports with the same data."""
        self.stop()
        time.sleep(pause)
        self.start()

    def _end(self, how: signal.Signals) -> None:
        guard, self._guard = self._guard, None
        if guard is not None and guard.poll() is None:
            os.killpg(guard.pid, signal.SIGKILL)
            guard.wait()
        server, self._server = self._server, None
        if server is not None and server.poll() is not None:
            _say(f"RabbitMQ on port {self.port} had ended by itself ({server.returncode}): {self._end_of_log()}")
        if server is not None and server.poll() is None:
            os.killpg(server.pid, how)
            try:
                server.wait(30)
            except subprocess.TimeoutExpired:
                os.killpg(server.pid, signal.SIGKILL)
                server.wait()
        epmd, self._epmd = self._epmd, None
        if epmd is not None:
            epmd.kill()
            epmd.wait()

    @property
    def _log(self) -> Path:
        return self.directory / "out.log"

    def _end_of_log(self) -> str:
        files = [self._log, *sorted((self.directory / "log").glob("*.log"))]
        return "\n".join(file.read_text(errors="replace")[-2000:] for file in files if file.exists())

    def _wait_until_it_has_booted(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if not self.is_running:
                raise BrokerDidNotStart(f"it ended while it booted: {self._end_of_log()}")
            if self._greets() and self._has_booted():
                return
            time.sleep(0.1)
        raise BrokerDidNotStart(f"it was not up after {seconds:.0f} s: {self._end_of_log()}")

    def _has_booted(self) -> bool:
        # Listeners open before the boot is over; what greets may even be something else on the same port.
        vhosts_up = "lists:all(fun rabbit_vhost_sup_sup:is_vhost_alive/1, rabbit_vhost:list_names())"
        try:
            return self.evaluate(f"rabbit:is_running() andalso {vhosts_up}.") == "{ok, true}"
        except (RuntimeError, subprocess.TimeoutExpired):
            return False

    def _greets(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), 2) as connection:
                connection.settimeout(2)
                connection.sendall(b"AMQP\x00\x00\x09\x01")
                return bool(connection.recv(1))
        except OSError:
            return False

    def _write_configuration(self) -> None:
        self.directory.mkdir(parents=True, exist_ok=True)
        (self.directory / "enabled_plugins").write_text(self.plugins)
        (self.directory / "rabbitmq.conf").write_text(
            f"listeners.tcp.default = 127.0.0.1:{self.port}\n"
            "disk_free_limit.absolute = 20MB\n"
            "vm_memory_high_watermark.relative = 0.6\n"
            f"log.file.level = warning\n{self.settings}"
        )
        cookie = self.directory / ".erlang.cookie"
        if not cookie.exists():
            cookie.write_text("trato")
            cookie.chmod(0o400)

    @property
    def control(self) -> tuple[list[str], dict[str, str]]:
        """The command that administers this node, and the environment that it needs."""
        return [str(SERVER.with_name("rabbitmqctl"))], self._environment()

    def _environment(self) -> dict[str, str]:
        here = str(self.directory)
        return {
            "PATH": f"{Path(_epmd_path()).parent}:/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": here,
            "LANG": "C.UTF-8",
            "RUNNING_UNDER_SYSTEMD": "true",  # no shell in between, so that signals reach the node itself
            "RABBITMQ_CONF_ENV_FILE": "/dev/null",
            "RABBITMQ_CONFIG_FILE": f"{here}/rabbitmq.conf",
            "RABBITMQ_ENABLED_PLUGINS_FILE": f"{here}/enabled_plugins",
            "RABBITMQ_MNESIA_BASE": f"{here}/data",
            "RABBITMQ_LOG_BASE": f"{here}/log",
            "RABBITMQ_PID_FILE": f"{here}/pid",
            "RABBITMQ_NODENAME": f"trato{self.port}@localhost",
            "RABBITMQ_DIST_PORT": str(self.port + 1),
            "ERL_EPMD_PORT": str(self.port + 2),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "+S 2:2 +sbwt none +sbwtdcpu none +sbwtdio none",
        }


def _guard(server: int, epmd: int, log: Path) -> "subprocess.Popen[bytes]":
    """Start what ends the node when this process is gone, so that a test run that is killed leaves none behind.

    It watches the process, not a pipe: in a process where hundreds of tests open and break connections a
    descriptor that is closed twice would end the node in the middle of a test. It says in the log that it acted.
    """
    command = (
        f"tail --pid={os.getpid()} -s 1 -f /dev/null; "
        f"echo 'guard: the test run is gone, its node is ended' >>{shlex.quote(str(log))}; kill -9 -{server} {epmd}"
    )
    return subprocess.Popen(["/bin/sh", "-c", command], stdin=subprocess.DEVNULL, start_new_session=True)


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


def _epmd_path() -> str:
    found = shutil.which("epmd")
    if found:
        return found
    return str(next(Path("/usr/lib/erlang").glob("erts-*/bin/epmd")))


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
