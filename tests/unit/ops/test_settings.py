"""What an operator reads when the environment is not as it should be."""

import dataclasses

import pytest

from chassis import settings
from chassis.settings import Settings, SettingsInvalid, SettingsMissing

SECRET = "s" * 32
PRODUCTION = {"TRATO_SECRET_KEY": SECRET, "TRATO_BROKER_URL": "amqp://u:p@broker:5672/trato"}


def test_production_has_no_default_for_a_secret():
    with pytest.raises(SettingsMissing, match="TRATO_SECRET_KEY is not set: set it to 32 or more random characters"):
        settings.read({"TRATO_BROKER_URL": "amqp://u:p@broker/"})


def test_production_has_no_default_for_the_broker():
    with pytest.raises(SettingsMissing, match="TRATO_BROKER_URL is not set: set it to the message broker"):
        settings.read({"TRATO_SECRET_KEY": SECRET})


def test_development_starts_with_an_empty_environment():
    assert settings.read({"TRATO_ENVIRONMENT": "development"}).is_development


def test_a_value_of_spaces_counts_as_not_set():
    with pytest.raises(SettingsMissing, match="TRATO_SECRET_KEY"):
        settings.read(PRODUCTION | {"TRATO_SECRET_KEY": "  "})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TRATO_ENVIRONMENT", "staging"),
        ("TRATO_SECRET_KEY", "short"),
        ("TRATO_BROKER_URL", "http://broker"),
        ("TRATO_DATABASE_URL", "postgresql://u:p@host/trato"),
        ("TRATO_DATABASE_URL", "mysql://u:p@host/{service}"),
        ("TRATO_DATABASE_URL_CONTACTS", "contacts.db"),
        ("TRATO_BLOBS", "/var/lib/blobs"),
        ("TRATO_HTTP_ADDRESS", "8000"),
        ("TRATO_OPS_ADDRESS", "0.0.0.0:70000"),
        ("TRATO_LOG_LEVEL", "LOUD"),
        ("TRATO_LOG_FORMAT", "xml"),
        ("TRATO_WORKERS", "0"),
        ("TRATO_MAX_WORKERS", "many"),
        ("TRATO_POOL_SIZE", "-1"),
        ("TRATO_DEFAULT_LOCALE", "fr"),
        ("TRATO_DEFAULT_COUNTRY", "Spain"),
        ("TRATO_DEFAULT_TIME_ZONE", "Mars/Olympus"),
        ("TRATO_CORS_ORIGINS", "*"),
        ("TRATO_WEBHOOK_NETWORKS", "10.0.0.1/8"),
        ("TRATO_SMTP_URL", "mail.example.com:25"),
        ("TRATO_MAIL_FROM", "support"),
        ("TRATO_PUBLIC_URL", "crm.example.com"),
        ("TRATO_MAIL_IN_ADDRESS", "2525"),
    ],
)
def test_a_malformed_value_is_refused_by_a_sentence_that_names_its_variable(name, value):
    with pytest.raises(SettingsInvalid) as refused:
        settings.read(PRODUCTION | {name: value})
    assert str(refused.value).startswith(f"{name} cannot be read: ")
    assert str(refused.value).endswith(".")


def test_a_refusal_never_repeats_a_secret():
    with pytest.raises(SettingsInvalid) as refused:
        settings.read(PRODUCTION | {"TRATO_SECRET_KEY": "hunter2"})
    assert "hunter2" not in str(refused.value)


def test_the_template_gives_each_service_its_own_database():
    read = settings.read(PRODUCTION | {"TRATO_DATABASE_URL": "postgresql://u:p@host/trato_{service}"})
    assert read.database_url("contacts") == "postgresql+psycopg2://u:p@host/trato_contacts"


def test_a_url_of_its_own_wins_over_the_template():
    read = settings.read(
        PRODUCTION
        | {
            "TRATO_DATABASE_URL": "sqlite:////data/{service}.sqlite3",
            "TRATO_DATABASE_URL_CONTACTS": "postgres://u:p@host/people",
        }
    )
    assert read.database_url("contacts") == "postgresql+psycopg2://u:p@host/people"
    assert read.database_url("sales") == "sqlite:////data/sales.sqlite3"


def test_a_service_without_a_database_says_which_variable_to_set():
    with pytest.raises(SettingsMissing, match="TRATO_DATABASE_URL_SALES"):
        settings.read(PRODUCTION).database_url("sales")


def test_secrets_do_not_show_when_settings_are_printed():
    read = settings.read(
        PRODUCTION | {"TRATO_S3_SECRET": "s3secret", "TRATO_DATABASE_URL": "postgresql://u:dbpass@h/{service}"}
    )
    shown = repr(read)
    assert SECRET not in shown
    assert "s3secret" not in shown
    assert "dbpass" not in shown
    assert "u:p@" not in shown


def test_settings_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        settings.for_tests().workers = 9  # type: ignore[misc]


def test_tests_may_replace_any_field():
    assert settings.for_tests(workers=3, default_locale="en").workers == 3
    assert isinstance(settings.for_tests(), Settings)


def test_origins_are_a_list_without_trailing_slashes():
    read = settings.read(PRODUCTION | {"TRATO_CORS_ORIGINS": "https://a.example/, http://localhost:5173"})
    assert read.cors_origins == ("https://a.example", "http://localhost:5173")
