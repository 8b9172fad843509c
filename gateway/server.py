"""gunicorn with our settings: threads, no control socket, the application loaded once before the fork."""

import contextlib
import logging
import resource
import shutil
from pathlib import Path
from typing import Any, Final

from gunicorn.app.base import BaseApplication
from gunicorn.config import Config
from gunicorn.glogging import Logger

from chassis.ops import garbage
from chassis.settings import Settings
from gateway import figures
from gateway.settings import GatewaySettings
from gateway.worker import GatewayWorker

KEEPALIVE_SECONDS: Final = 75
GRACEFUL_SECONDS: Final = 20
_SHARED_MEMORY: Final = Path("/dev/shm")  # noqa: S108 - gunicorn's heartbeat file, never on a slow disk


class ServerLog(Logger):
    """gunicorn's messages go where all others go; its access log is ours."""

    def setup(self, cfg: Config) -> None:
        self.error_log = logging.getLogger("gunicorn.error")
        self.access_log = logging.getLogger("gunicorn.access")
        self.error_log.propagate = True
        self.access_log.disabled = True
        self.cfg = cfg

    def access(self, *_: Any) -> None:
        """Say nothing: the application has its own line."""


class Server(BaseApplication):
    """The gateway as a gunicorn application."""

    def __init__(self, settings: Settings, gateway: GatewaySettings, directory: Path) -> None:
        self._settings = settings
        self._gateway = gateway
        self._figures = directory
        super().__init__()

    def load_config(self) -> None:
        """Tell gunicorn everything; its own configuration files and variables are not read."""
        host, port = self._settings.http_address
        options: dict[str, Any] = {
            "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
            "workers": self._gateway.workers,
            "threads": self._gateway.threads,
            "worker_class": GatewayWorker,
            "worker_connections": 2_000,
            "backlog": 1_024,
            "keepalive": KEEPALIVE_SECONDS,
            "graceful_timeout": GRACEFUL_SECONDS,
            "timeout": 60,
            "preload_app": True,
            "logger_class": ServerLog,
            "proc_name": "trato-gateway",
            "limit_request_line": 8_190,
            "limit_request_field_size": 16_380,
            "control_socket_disable": True,
            # Which proxies are believed is decided in gateway.security alone.
            "forwarded_allow_ips": "",
            "secure_scheme_headers": {},
            "child_exit": self._forget_worker,
        }
        if _SHARED_MEMORY.is_dir():
            options["worker_tmp_dir"] = str(_SHARED_MEMORY)
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """Return the WSGI application; it connects to nothing before the fork."""
        from gateway.app import Gateway

        application = Gateway(self._settings, self._gateway)
        garbage.settle()
        return application

    def _forget_worker(self, _server: Any, worker: Any) -> None:
        figures.forget_process(worker.pid, self._figures)


def serve(settings: Settings, gateway: GatewaySettings) -> None:
    """Serve until SIGTERM; requests in flight are finished first."""
    _allow_many_files()
    directory = figures.fresh_directory(str(settings.http_address[1]))
    figures.keep_in(directory)
    try:
        Server(settings, gateway, directory).run()
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def _allow_many_files() -> None:
    # A thousand idle listeners are a thousand open files; the usual soft limit is 1,024.
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
