"""The only place where the environment is read: once, at start, into a frozen value."""

import functools
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from chassis import variables
from chassis.variables import Address, LogFormat, MailServer, SettingsError, SettingsInvalid, SettingsMissing

__all__ = [
    "Settings",
    "SettingsError",
    "SettingsInvalid",
    "SettingsMissing",
    "for_tests",
    "load",
    "read",
    "source",
]

Environment = Literal["development", "production"]

_DEVELOPMENT_SECRET: Final = "development-only-secret-never-use-it-elsewhere"  # noqa: S105 - only development falls back to it
_LOOPBACK: Final = ("127.0.0.0/8", "::1/128")
_DEVELOPMENT_BROKER: Final = "amqp://guest:guest@127.0.0.1:5672/"


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """Everything that differs between one installation and another."""

    environment: Environment = "production"
    secret_key: str = field(repr=False)
    broker_url: str = field(repr=False)
    database_template: str | None = field(default=None, repr=False)
    database_urls: Mapping[str, str] = field(default_factory=dict, repr=False)
    blobs: str | None = None
    s3_key: str | None = field(default=None, repr=False)
    s3_secret: str | None = field(default=None, repr=False)
    http_address: Address = ("127.0.0.1", 8000)
    ops_address: Address = ("127.0.0.1", 9100)
    log_level: str = "INFO"
    log_format: LogFormat | None = None
    otel_endpoint: str | None = None
    workers: int = 1
    max_workers: int = 30
    pool_size: int = 8
    outbox_max_age: int = 300
    event_log_days: int = 0
    default_locale: str = "es"
    default_country: str = "ES"
    default_time_zone: str = "Europe/Madrid"
    cors_origins: tuple[str, ...] = ()
    webhook_networks: tuple[str, ...] = ()
    public_url: str = "http://127.0.0.1:8080"
    mail_server: MailServer | None = None
    mail_from: str = "Trato <trato@example.com>"
    mail_in: Address | None = None

    @property
    def is_development(self) -> bool:
        """Whether defaults for secrets, demo users and readable logs are allowed."""
        return self.environment == "development"

    def database_url(self, service: str) -> str:
        """Return the SQLAlchemy URL of one service's own database.

        Raises ``SettingsMissing`` when no URL is set for it.
        """
        url = self.database_urls.get(service)
        if url is None and self.database_template is not None:
            url = self.database_template.replace("{service}", service)
        if url is None:
            message = (
                f"TRATO_DATABASE_URL is not set: set it to the database of each service, for "
                f"example postgresql://user:password@host/trato_{{service}}, or set "
                f"TRATO_DATABASE_URL_{service.upper()} for this service alone."
            )
            raise SettingsMissing(message)
        return url

    def blobs_url(self) -> str:
        """Return where files live. Raises ``SettingsMissing`` when it is not set."""
        if self.blobs is None:
            message = (
                "TRATO_BLOBS is not set: set it to a folder (file:///var/lib/trato/blobs) "
                "or a bucket (s3://bucket?region=eu-south-2)."
            )
            raise SettingsMissing(message)
        return self.blobs


@functools.cache
def load() -> Settings:
    """Return the settings of this process; the environment is read the first time only.

    Raises ``SettingsMissing`` or ``SettingsInvalid`` with one sentence that names the variable.
    """
    return read(os.environ)


def source() -> variables.Source:
    """Return the environment for the settings of one component alone, such as the gateway's."""
    return variables.Source(os.environ)


def read(environment: Mapping[str, str]) -> Settings:
    """Return the settings written in ``environment``; the same refusals as ``load``."""
    source = variables.Source(environment)
    mode = source.choice("TRATO_ENVIRONMENT", ("development", "production"), "production")
    development = mode == "development"
    return Settings(
        environment="development" if development else "production",
        secret_key=_secret(source, _DEVELOPMENT_SECRET if development else None),
        broker_url=source.required(
            "TRATO_BROKER_URL",
            "set it to the message broker, for example amqp://user:password@host:5672/trato",
            default=_DEVELOPMENT_BROKER if development else None,
            parse=variables.broker_url,
        ),
        database_template=source.optional("TRATO_DATABASE_URL", variables.database_template),
        database_urls=source.database_urls(),
        blobs=source.optional("TRATO_BLOBS", variables.blobs_url),
        s3_key=source.text("TRATO_S3_KEY"),
        s3_secret=source.text("TRATO_S3_SECRET"),
        http_address=source.parsed("TRATO_HTTP_ADDRESS", ("127.0.0.1", 8000), variables.address),
        ops_address=source.parsed("TRATO_OPS_ADDRESS", ("127.0.0.1", 9100), variables.address),
        log_level=source.choice("TRATO_LOG_LEVEL", ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"), "INFO"),
        log_format=source.optional("TRATO_LOG_FORMAT", variables.log_format),
        otel_endpoint=source.text("OTEL_EXPORTER_OTLP_ENDPOINT"),
        workers=source.parsed("TRATO_WORKERS", 1, variables.positive),
        max_workers=source.parsed("TRATO_MAX_WORKERS", 30, variables.positive),
        pool_size=source.parsed("TRATO_POOL_SIZE", 8, variables.positive),
        event_log_days=source.parsed("TRATO_EVENT_LOG_DAYS", 0, variables.positive),
        outbox_max_age=source.parsed("TRATO_OUTBOX_MAX_AGE", 300, variables.positive),
        default_locale=source.choice("TRATO_DEFAULT_LOCALE", ("es", "en"), "es"),
        default_country=source.parsed("TRATO_DEFAULT_COUNTRY", "ES", variables.country),
        default_time_zone=source.parsed("TRATO_DEFAULT_TIME_ZONE", "Europe/Madrid", variables.time_zone),
        cors_origins=source.parsed("TRATO_CORS_ORIGINS", (), variables.origins),
        # Internal networks that webhooks may call all the same; elsewhere only public addresses are called.
        webhook_networks=source.parsed("TRATO_WEBHOOK_NETWORKS", _LOOPBACK if development else (), variables.networks),
        public_url=source.parsed("TRATO_PUBLIC_URL", "http://127.0.0.1:8080", variables.web_address),
        mail_server=source.optional("TRATO_SMTP_URL", variables.mail_server),
        mail_from=source.parsed("TRATO_MAIL_FROM", "Trato <trato@example.com>", variables.mailbox),
        mail_in=source.optional("TRATO_MAIL_IN_ADDRESS", variables.address),
    )


def for_tests(**overrides: object) -> Settings:
    """Return development settings, with any field of ``Settings`` replaced; nothing is read."""
    base = Settings(
        environment="development",
        secret_key=_DEVELOPMENT_SECRET,
        broker_url=_DEVELOPMENT_BROKER,
        ops_address=("127.0.0.1", 0),
        log_level="WARNING",
    )
    return replace(base, **overrides)  # type: ignore[arg-type]


def _secret(source: variables.Source, default: str | None) -> str:
    return source.required(
        "TRATO_SECRET_KEY",
        f"set it to {variables.SECRET_LENGTH} or more random characters, the same in every process "
        "(for example the output of: openssl rand -hex 32)",
        default=default,
        parse=variables.secret,
    )
