import socket

import pytest

from services.notifications.adapters import addresses
from services.notifications.adapters.addresses import callable_addresses
from services.notifications.errors import InternalAddress


def resolving(monkeypatch, *found):
    def getaddrinfo(_host, port, **_):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

    monkeypatch.setattr(addresses.socket, "getaddrinfo", getaddrinfo)


def test_every_address_of_a_name_is_checked(monkeypatch):
    resolving(monkeypatch, "93.184.215.14", "10.0.0.7")
    with pytest.raises(InternalAddress):
        callable_addresses("both.example", 443, [])


def test_what_is_called_is_what_was_checked(monkeypatch):
    resolving(monkeypatch, "93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c")
    found = callable_addresses("public.example", 443, [])
    assert found == ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"]


def test_an_internal_network_may_be_allowed(monkeypatch):
    resolving(monkeypatch, "10.1.2.3")
    assert callable_addresses("hook.corp.example", 443, ["10.1.0.0/16"]) == ["10.1.2.3"]
    with pytest.raises(InternalAddress):
        callable_addresses("hook.corp.example", 443, ["10.2.0.0/16"])
