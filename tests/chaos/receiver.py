"""A program that takes webhooks and writes down what it took: ``python tests/chaos/receiver.py PORT FILE``.

A line is ``id subject sequence type``. The answer goes out when the line is written; it ends when it is killed.
"""

import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


class Server(ThreadingHTTPServer):
    """Lets many callers wait at the door."""

    request_queue_size = 256
    daemon_threads = True


def main() -> None:
    """Take webhooks in."""
    turn = threading.Lock()
    with Path(sys.argv[2]).open("a") as lines:

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                event = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                with turn:
                    lines.write(f"{event['id']} {event['subject']} {event['sequence']} {event['type']}\n")
                    lines.flush()
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        server = Server(("127.0.0.1", int(sys.argv[1])), Handler)
        lines.write("listening\n")
        lines.flush()
        server.serve_forever()


if __name__ == "__main__":
    main()
