"""gunicorn's threaded worker, able to give an open connection away so that an idle listener costs no thread."""

import contextlib
import socket
from concurrent.futures import Future
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker

from gateway import protocol_errors
from gateway.handover import Handover


class GatewayWorker(ThreadWorker):
    """Differs from its base in three ways: handed-over connections, JSON for broken HTTP, and an orderly end."""

    def run(self) -> None:
        """Serve until told to stop; then end what the application started in this process."""
        try:
            super().run()
        finally:
            self.wsgi.stop()

    def load_wsgi(self) -> None:
        """Start the application's threads here, since threads do not survive a fork."""
        super().load_wsgi()
        self.wsgi.start()

    def handle_request(self, req: Any, conn: TConn) -> bool:
        """Answer one request; False ends the connection's life here."""
        try:
            return bool(super().handle_request(req, conn))
        except Handover as handover:
            with contextlib.suppress(OSError):
                handover.take(conn.sock)
                conn.given_away = True
            return False

    def finish_request(self, conn: TConn, fs: "Future[Any]") -> None:
        """Put the connection back, close it, or forget it when somebody else has it now."""
        if getattr(conn, "given_away", False):
            # Not closed and not counted: idle listeners do not use up the connections for requests.
            self.nr_conns -= 1
            return
        super().finish_request(conn, fs)

    def handle_error(self, _req: Any, client: socket.socket, _addr: Any, exc: BaseException) -> None:
        """Answer what is not HTTP with a problem document instead of a page of HTML."""
        answer = protocol_errors.answer_for(exc)
        if answer is None:
            self.log.error("A request failed outside the application", exc_info=exc)
            answer = protocol_errors.internal()
        with contextlib.suppress(OSError):
            client.sendall(answer)
