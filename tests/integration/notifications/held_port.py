"""A port that stays a test's own while the server behind it is off the network."""

import socket


def bound(port=0):
    """Return a socket that has a port, so that nobody else gets it; until it listens, whoever connects is refused."""
    made = socket.socket()
    for option in (socket.SO_REUSEADDR, socket.SO_REUSEPORT):
        made.setsockopt(socket.SOL_SOCKET, option, 1)
    made.bind(("127.0.0.1", port))
    return made


class HeldPort:
    """Holds one port, or none."""

    def __init__(self):
        self._socket = None

    def hold(self, port):
        """Hold this port from now on."""
        self._socket = bound(port)

    def let_go(self):
        """Leave it to a server, which may have it already."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None
