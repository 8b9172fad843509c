"""gunicorn's threaded worker, made to keep busy connections on their thread and to give idle ones away."""

import contextlib
import errno
import functools
import select
import selectors
import socket
import threading
import time
from concurrent.futures import Future
from typing import Any, Final

from gunicorn.workers.gthread import TConn, ThreadWorker

from gateway import protocol_errors
from gateway.exchange import Exchange
from gateway.handover import Handover

# How long a thread waits for the next request of a connection it has just answered. Going back through the
# main thread's poller costs more than the rest of a small request.
_LINGER_MILLISECONDS: Final = 10
# Threads that never linger, so that newcomers find one.
_RESERVED_THREADS: Final = 2
# A body may take so many times longer to arrive than a request's head.
_BODY_PATIENCE: Final = 4
_DRAIN_SECONDS: Final = 2.0
_DRAIN_BYTES: Final = 32 * 1024 * 1024
_TRANSIENT: Final = frozenset({errno.EAGAIN, errno.ECONNABORTED})
_BODY_HEADERS: Final = frozenset({"CONTENT-LENGTH", "TRANSFER-ENCODING"})


class GatewayWorker(ThreadWorker):
    """Differs from its base in five ways.

    Threads linger for a busy connection's next request; callers who send nothing, or too slowly, hold no thread;
    connections can be handed over; broken HTTP is answered with JSON; what the application started is stopped.
    """

    def load_wsgi(self) -> None:
        """Start the application's threads here, since threads do not survive a fork."""
        super().load_wsgi()
        self._being_read: dict[TConn, float] = {}
        self._may_linger = threading.BoundedSemaphore(max(1, self.cfg.threads - _RESERVED_THREADS))
        self.wsgi.start()

    def run(self) -> None:
        """Serve until told to stop; then end what the application started."""
        try:
            super().run()
        finally:
            self.wsgi.stop()

    def accept(self, listener: socket.socket) -> None:
        """Take a new connection; it gets a thread when its first bytes are there, not before."""
        try:
            sock, address = listener.accept()
        except OSError as error:
            if error.errno not in _TRANSIENT:
                raise
            return
        self.nr_conns += 1
        conn = TConn(self.cfg, sock, address, listener.getsockname())
        conn.timeout = time.monotonic() + self.cfg.keepalive
        self.pending_conns.append(conn)
        self.poller.register(sock, selectors.EVENT_READ, functools.partial(self.on_pending_socket_readable, conn))

    def handle(self, conn: TConn) -> Any:
        """Answer the requests of a connection, whose caller may not take for ever to send one."""
        self._being_read[conn] = time.monotonic() + self.wsgi.read_seconds
        try:
            return super().handle(conn)
        finally:
            self._being_read.pop(conn, None)

    def murder_pending(self) -> None:
        """Cut connections that hold a thread by sending too slowly; called every second."""
        super().murder_pending()
        now = time.monotonic()
        for conn, until in list(self._being_read.items()):
            if now > until:
                # The thread that reads sees an end, and closes the connection in order.
                with contextlib.suppress(OSError):
                    conn.sock.shutdown(socket.SHUT_RDWR)

    def handle_request(self, req: Any, conn: TConn) -> bool:
        """Answer one request; False ends the connection's life here."""
        if any(name in _BODY_HEADERS for name, _ in req.headers):
            self._being_read[conn] = time.monotonic() + _BODY_PATIENCE * self.wsgi.read_seconds
        else:
            self._being_read.pop(conn, None)
        if not req.path.startswith("/v1/"):
            return bool(super().handle_request(req, conn))
        full = len(self.keepalived_conns) >= self.max_keepalived
        exchange = Exchange(req, conn.sock, keeps_alive=self.alive and not full)
        try:
            exchange.run(self.wsgi, conn.client)
        except Handover as handover:
            with contextlib.suppress(OSError):
                handover.take(conn.sock)
                conn.given_away = True
            return False
        return exchange.keeps_alive

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

    def _keepalive_after(self, conn: TConn, keepalive: bool) -> bool:
        """Answer further requests of the connection for as long as they follow each other closely."""
        while keepalive and self._is_drained(conn):
            if not self._next_is_near(conn):
                return True
            self._being_read[conn] = time.monotonic() + self.wsgi.read_seconds
            req = next(conn.parser)
            keepalive = bool(req) and self.handle_request(req, conn)
        return False

    def _is_drained(self, conn: TConn) -> bool:
        message = conn.parser.mesg
        if any(name in _BODY_HEADERS for name, _ in message.headers):
            # A caller who still sends a body that was refused must be let finish, or it never reads why.
            until = time.monotonic() + _DRAIN_SECONDS
            return bool(conn.parser.finish_body(deadline=until, max_bytes=_DRAIN_BYTES))
        # There was no body, so there is nothing to look for on the socket.
        conn.parser.mesg = None
        return True

    def _next_is_near(self, conn: TConn) -> bool:
        if conn.parser.unreader.buf.tell():
            return True
        # Others who wait for a thread come first.
        if not self.alive or self.tpool._work_queue.qsize() or not self._may_linger.acquire(blocking=False):  # noqa: SLF001 - asked, not touched
            return False
        try:
            poller = getattr(conn, "own_poller", None)
            if poller is None:
                poller = conn.own_poller = select.poll()
                poller.register(conn.sock, select.POLLIN)
            return bool(poller.poll(_LINGER_MILLISECONDS))
        finally:
            self._may_linger.release()
