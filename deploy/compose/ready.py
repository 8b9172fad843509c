"""The health check of our images: succeeds when /readyz at the port named answers 200."""

import socket
import sys

with socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=4) as connection:
    connection.sendall(b"GET /readyz HTTP/1.0\r\nHost: localhost\r\n\r\n")
    sys.exit(connection.recv(12).split()[1:2] != [b"200"])
