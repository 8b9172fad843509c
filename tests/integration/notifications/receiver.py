"""A program outside that takes webhooks, on a real socket, and keeps what it was sent."""

import contextlib
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import orjson

from tests.integration.notifications.held_port import HeldPort


class Server(ThreadingHTTPServer):
    """Lets many callers wait at the door; the usual five are fewer than we send at once."""

    request_queue_size = 128
    allow_reuse_port = True  # with who keeps the port while it is off the network


@dataclass
class Receiver:
    """Answers with ``status`` until told otherwise; ``go_away`` takes it off the network, ``start`` brings it back."""

    status: int = 200
    answer: bytes = b"thank you"
    seconds: float = 0.0
    location: str = ""
    retry_after: str = ""
    refuses: set = field(default_factory=set)  # ids of subjects that it cannot take
    posts: list = field(default_factory=list)
    under_way: list = field(default_factory=list)
    most_at_once: int = 0
    port: int = 0
    server: ThreadingHTTPServer | None = None
    held: HeldPort = field(default_factory=HeldPort)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}/hook?of=trato"

    @property
    def taken(self):
        return [post for post in self.posts if post["answered"] < 300]

    def start(self):
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                event = orjson.loads(body)
                receiver.under_way.append(event)
                receiver.most_at_once = max(receiver.most_at_once, len(receiver.under_way))
                time.sleep(receiver.seconds)
                receiver.under_way.remove(event)
                status = 400 if event["subject"] in receiver.refuses else receiver.status
                post = {"path": self.path, "headers": dict(self.headers), "body": body, "event": event}
                receiver.posts.append({**post, "answered": status})
                self.send_response(status)
                if receiver.location:
                    self.send_header("Location", receiver.location)
                if receiver.retry_after:
                    self.send_header("Retry-After", receiver.retry_after)
                self.end_headers()
                with contextlib.suppress(OSError):
                    self.wfile.write(receiver.answer)

            def log_message(self, *_):
                pass

        self.server = Server(("127.0.0.1", self.port), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        self.held.let_go()
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def go_away(self):
        self.stop()
        self.held.hold(self.port)

    def stop(self):
        self.held.let_go()
        if self.server is not None:
            self.server.shutdown()
            self.server.server_close()
            self.server = None
