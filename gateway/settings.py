"""What only the gateway is told about its installation."""

import ipaddress
from dataclasses import dataclass

from chassis import variables
from chassis.settings import source

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True, kw_only=True, slots=True)
class GatewaySettings:
    """Rates are requests per second, sizes bytes, times seconds."""

    workers: int = 1
    threads: int = 12
    principal_rate: int = 2_000
    address_rate: int = 4_000
    stranger_rate: int = 20
    max_body: int = 1_048_576
    max_bulk_body: int = 8_388_608
    request_timeout: int = 10
    read_timeout: int = 15
    block_timeout_ms: int = 1_500
    max_listeners: int = 5_000
    trusted_proxies: tuple[Network, ...] = ()


def load() -> GatewaySettings:
    """Return the gateway's settings; refuses as ``chassis.settings.load`` does."""
    return read(source())


def read(environment: variables.Source) -> GatewaySettings:
    """Return the settings written in ``environment``."""

    def number(name: str, default: int) -> int:
        return environment.parsed(f"TRATO_GATEWAY_{name}", default, variables.positive)

    return GatewaySettings(
        workers=number("WORKERS", 1),
        threads=number("THREADS", 12),
        principal_rate=number("PRINCIPAL_RATE", 2_000),
        address_rate=number("ADDRESS_RATE", 4_000),
        stranger_rate=number("STRANGER_RATE", 20),
        max_body=number("MAX_BODY", 1_048_576),
        max_bulk_body=number("MAX_BULK_BODY", 8_388_608),
        request_timeout=number("REQUEST_TIMEOUT", 10),
        read_timeout=number("READ_TIMEOUT", 15),
        block_timeout_ms=number("BLOCK_TIMEOUT_MS", 1_500),
        max_listeners=number("MAX_LISTENERS", 5_000),
        trusted_proxies=environment.parsed("TRATO_TRUSTED_PROXIES", (), _networks),
    )


def _networks(value: str) -> tuple[Network, ...]:
    try:
        return tuple(ipaddress.ip_network(part.strip()) for part in value.split(",") if part.strip())
    except ValueError:
        message = "it lists networks, for example 10.0.0.0/8,127.0.0.1/32"
        raise ValueError(message) from None
