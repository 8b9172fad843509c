"""Which addresses a name stands for, and whether they may be called: nobody gets us to call our own network."""

import ipaddress
import re
import socket
from collections.abc import Iterable
from typing import Final

from services.notifications.errors import InternalAddress

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
# IPv6 networks that hold an IPv4 address: NAT64 and 6to4. What is meant is the address inside.
_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")
# Internal, or nobody's, whatever the version of Python that runs this knows of them.
_INTERNAL: Final = (
    ipaddress.ip_network("192.0.0.0/24"),
    ipaddress.ip_network("::/96"),
    ipaddress.ip_network("64:ff9b:1::/48"),
    ipaddress.ip_network("3fff::/20"),
    ipaddress.ip_network("5f00::/16"),
    ipaddress.ip_network("fec0::/10"),
)
_ENDS_IN_A_NUMBER: Final = re.compile(r"(?:^|\.)(?:\d+|0[xX][0-9a-fA-F]*)\.?$")


def callable_addresses(host: str, port: int, allowed: Iterable[str]) -> list[str]:
    """Return the addresses of ``host``, checked, in the order in which they are to be tried.

    Raises ``InternalAddress`` where any of them is internal and in none of the ``allowed`` networks, or where the host
    is a number in another form than everybody writes (``0x7f.1``), and ``OSError`` where the name is not known.
    """
    if _ENDS_IN_A_NUMBER.search(host) and not _is_address(host):
        raise InternalAddress(host=host)
    networks = [ipaddress.ip_network(each) for each in allowed]
    found = list(dict.fromkeys(_resolved(host, port)))
    for text in found:
        address = ipaddress.ip_address(text.partition("%")[0])
        if not _is_public(address) and not any(address in network for network in networks):
            raise InternalAddress(host=host)
    return found


def _resolved(host: str, port: int) -> Iterable[str]:
    return (str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))


def _is_public(address: IPAddress) -> bool:
    inner = _inside(address)
    if inner is not None:
        return _is_public(inner)
    if any(address.version == network.version and address in network for network in _INTERNAL):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _inside(address: IPAddress) -> ipaddress.IPv4Address | None:
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
