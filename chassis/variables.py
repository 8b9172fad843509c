"""How one environment variable becomes a value, or one clear sentence about what is wrong."""

import ipaddress
import re
import zoneinfo
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr
from typing import Final, Literal, TypeVar
from urllib.parse import unquote, urlsplit

LogFormat = Literal["json", "console"]
Address = tuple[str, int]
T = TypeVar("T")

Security = Literal["smtp", "smtps", "starttls"]

SECRET_LENGTH: Final = 32
_HIGHEST_PORT: Final = 65_535


@dataclass(frozen=True, kw_only=True, slots=True)
class MailServer:
    """Where mails are handed over: in the clear (smtp), encrypted from the start (smtps), or from STARTTLS on."""

    security: Security
    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)


class SettingsError(Exception):
    """The process cannot start as it is configured."""


class SettingsMissing(SettingsError):
    """A variable that must be set is not set."""


class SettingsInvalid(SettingsError):
    """A variable is set to something that makes no sense."""


def normalise_database_url(url: str) -> str:
    """Return ``url`` with the driver that this project uses; raise ``ValueError`` for others."""
    scheme, separator, rest = url.partition("://")
    # SQLAlchemy 2.1 reads a bare postgresql:// as psycopg 3, which blocks eventlet's hub.
    if separator and scheme in {"postgres", "postgresql", "postgresql+psycopg2"}:
        return f"postgresql+psycopg2://{rest}"
    if separator and scheme == "sqlite" and len(rest) > 1:
        return url
    message = "a database is sqlite:////folder/{service}.sqlite3 or postgresql://user:password@host/name"
    raise ValueError(message)


class Source:
    """The environment, read with one clear sentence for each thing that is wrong."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._values = {name: value.strip() for name, value in environment.items()}

    def text(self, name: str) -> str | None:
        return self._values.get(name) or None

    def optional(self, name: str, parse: Callable[[str], T]) -> T | None:
        value = self.text(name)
        if value is None:
            return None
        try:
            return parse(value)
        except ValueError as error:
            message = f"{name} cannot be read: {error}."
            raise SettingsInvalid(message) from None

    def parsed(self, name: str, default: T, parse: Callable[[str], T]) -> T:
        value = self.optional(name, parse)
        return default if value is None else value

    def required(self, name: str, what_to_set: str, *, default: str | None, parse: Callable[[str], str]) -> str:
        value = self.optional(name, parse) or default
        if value is None:
            message = f"{name} is not set: {what_to_set}."
            raise SettingsMissing(message)
        return value

    def choice(self, name: str, choices: tuple[str, ...], default: str) -> str:
        value = self.text(name) or default
        if value not in choices:
            message = f"{name} cannot be read: it is one of {', '.join(choices)}."
            raise SettingsInvalid(message)
        return value

    def database_urls(self) -> Mapping[str, str]:
        prefix = "TRATO_DATABASE_URL_"
        found: dict[str, str] = {}
        for name in self._values:
            if name.startswith(prefix):
                url = self.optional(name, normalise_database_url)
                if url is not None:
                    found[name.removeprefix(prefix).lower()] = url
        return found


def secret(value: str) -> str:
    """Read a secret that is long enough; raise ``ValueError`` with what is expected."""
    if len(value) < SECRET_LENGTH:
        message = f"it needs {SECRET_LENGTH} or more characters and has {len(value)}"
        raise ValueError(message)
    return value


def broker_url(value: str) -> str:
    """Read an AMQP URL; raise ``ValueError`` with what is expected."""
    if not re.fullmatch(r"amqps?://[^/\s]+(/\S*)?", value):
        message = "it has the form amqp://user:password@host:5672/vhost"
        raise ValueError(message)
    return value


def database_template(value: str) -> str:
    """Read a database URL that holds ``{service}``; raise ``ValueError`` with what is expected."""
    if "{service}" not in value:
        message = "each service has its own database, so the URL contains {service}"
        raise ValueError(message)
    return normalise_database_url(value)


def blobs_url(value: str) -> str:
    """Read the place of files: a folder or a bucket; raise ``ValueError`` with what is expected."""
    if not re.match(r"file:///\S|s3://[a-z0-9]", value):
        message = "it has the form file:///folder or s3://bucket?region=…&endpoint=…"
        raise ValueError(message)
    return value


def address(value: str) -> Address:
    """Read ``host:port`` as host and port; raise ``ValueError`` with what is expected."""
    host, _, port = value.rpartition(":")
    if not host or not port.isascii() or not port.isdigit() or int(port) > _HIGHEST_PORT:
        message = "it has the form host:port, for example 0.0.0.0:8000"
        raise ValueError(message)
    return host.strip("[]"), int(port)


def positive(value: str) -> int:
    """Read a whole number from 1 up; raise ``ValueError`` with what is expected."""
    if not value.isascii() or not value.isdigit() or int(value) < 1:
        message = "it is a whole number, 1 or more"
        raise ValueError(message)
    return int(value)


def country(value: str) -> str:
    """Read a country's two capitals; raise ``ValueError`` with what is expected."""
    if not re.fullmatch(r"[A-Z]{2}", value):
        message = "it is a country code of two capitals, for example ES"
        raise ValueError(message)
    return value


def time_zone(value: str) -> str:
    """Read the name of a known time zone; raise ``ValueError`` with what is expected."""
    try:
        zoneinfo.ZoneInfo(value)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        message = "it is a time zone such as Europe/Madrid"
        raise ValueError(message) from None
    return value


def web_address(value: str) -> str:
    """Read where people reach the suite; raise ``ValueError`` with what is expected."""
    if not re.fullmatch(r"https?://[^/\s?#]+(/[^\s?#]*)?", value):
        message = "it is an address such as https://crm.example.com"
        raise ValueError(message)
    return value.rstrip("/")


def origins(value: str) -> tuple[str, ...]:
    """Read web origins, separated by commas; raise ``ValueError`` with what is expected."""
    origins = tuple(part.strip().rstrip("/") for part in value.split(",") if part.strip())
    for origin in origins:
        if not re.fullmatch(r"https?://[^/\s*]+", origin):
            message = "it is a list of origins such as https://crm.example.com, with commas between"
            raise ValueError(message)
    return origins


def networks(value: str) -> tuple[str, ...]:
    """Read networks in CIDR form, separated by commas, or ``none``; raise ``ValueError`` with what is expected."""
    parts = [part.strip() for part in value.split(",") if part.strip() and part.strip() != "none"]
    try:
        return tuple(str(ipaddress.ip_network(part)) for part in parts)
    except ValueError:
        message = "it is a list of networks such as 10.1.0.0/16, with commas between, or none"
        raise ValueError(message) from None


_MAIL_PORTS: Final[Mapping[str, int]] = {"smtp": 25, "smtps": 465, "starttls": 587}


def mail_server(value: str) -> MailServer:
    """Read ``smtps://user:password@host:465`` and the like; raise ``ValueError`` with what is expected."""
    parts = urlsplit(value)
    security: Security
    match parts.scheme:
        case "smtp" | "smtps" | "starttls" as known if parts.hostname:
            security = known
        case _:
            message = "it has the form smtp://host:25, smtps://user:password@host:465 or starttls://…:587"
            raise ValueError(message)
    return MailServer(
        security=security,
        host=parts.hostname,
        port=parts.port or _MAIL_PORTS[security],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


def mailbox(value: str) -> str:
    """Read ``Name <address>`` or an address alone; raise ``ValueError`` with what is expected."""
    local, _, domain = parseaddr(value)[1].rpartition("@")
    if not local or "." not in domain or "+" in local:
        message = "it is an address such as Trato <support@example.com>, without a plus"
        raise ValueError(message)
    return value


def log_format(value: str) -> LogFormat:
    """Read json or console; raise ``ValueError`` with what is expected."""
    if value == "json":
        return "json"
    if value == "console":
        return "console"
    message = "it is json or console"
    raise ValueError(message)
