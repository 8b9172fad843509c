from datetime import UTC, datetime, timedelta

import pytest

from chassis import passwords
from services.administration.domain.log_in_delay import delay_after, failures_after
from services.administration.domain.password_policy import PasswordPolicy

NOW = datetime(2030, 1, 15, 12, tzinfo=UTC)
POLICY = PasswordPolicy(min_length=10, max_age=timedelta(days=90))


@pytest.mark.parametrize(
    "password", ["corta", "contraseña1", "aaaaaaaaaaaa", "abababababab", "la-de-ana-2030", "x" * 257]
)
def test_a_bad_password_is_refused(password):
    assert POLICY.problems(password, username="ana")


@pytest.mark.parametrize("password", ["trato-demo", "una frase larga", "correcto caballo batería"])
def test_a_long_enough_password_is_fine(password):
    assert not POLICY.problems(password, username="admin")


def test_a_password_ages():
    assert not POLICY.is_too_old(NOW - timedelta(days=90), NOW)
    assert POLICY.is_too_old(NOW - timedelta(days=91), NOW)
    assert POLICY.is_too_old(None, NOW)
    assert not PasswordPolicy(min_length=10).is_too_old(None, NOW)


def test_a_hash_is_argon2id_with_our_parameters_and_hides_the_password():
    stored = passwords.hash_password("una frase larga")
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert "frase" not in stored
    assert stored != passwords.hash_password("una frase larga")
    assert not passwords.needs_rehash(stored)


def test_only_the_right_password_fits():
    stored = passwords.hash_password("una frase larga")
    assert passwords.verify_password(stored, "una frase larga")
    assert not passwords.verify_password(stored, "una frase larg")
    assert not passwords.verify_password(None, "una frase larga")
    assert not passwords.verify_password("garbage", "una frase larga")


def test_a_hash_made_with_weaker_parameters_is_renewed():
    from argon2 import PasswordHasher

    assert passwords.needs_rehash(PasswordHasher(time_cost=1, memory_cost=8_192, parallelism=1).hash("x"))


def test_others_run_while_a_password_is_hashed():
    import eventlet

    ticks = []

    def tick():
        while True:
            ticks.append(1)
            eventlet.sleep(0.001)

    ticking = eventlet.spawn(tick)
    passwords.hash_password("una frase larga")
    eventlet.kill(ticking)
    assert len(ticks) >= 3


@pytest.mark.parametrize(
    ("failures", "seconds"), [(0, 0), (2, 0), (3, 1), (4, 2), (5, 4), (10, 128), (13, 900), (1_000_000, 900)]
)
def test_the_delay_doubles_from_the_third_failure_to_its_limit(failures, seconds):
    assert delay_after(failures, "username", timedelta(minutes=15)) == timedelta(seconds=seconds)


def test_an_address_gets_more_patience_than_a_name():
    assert delay_after(19, "address", timedelta(minutes=15)) == timedelta()
    assert delay_after(21, "address", timedelta(minutes=15)) == timedelta(seconds=2)


def test_a_day_without_failures_forgets_the_old_ones():
    assert failures_after(7, NOW - timedelta(hours=23), NOW) == 8
    assert failures_after(7, NOW - timedelta(hours=25), NOW) == 1
    assert failures_after(0, None, NOW) == 1
