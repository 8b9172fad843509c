from datetime import timedelta

import pytest
import sqlalchemy as sa

from chassis.context import SYSTEM, Actor
from chassis.credentials import csrf_token
from chassis.errors import Refusal
from services.administration.commands.sessions import forget_old
from services.administration.domain.log_in_brake import LogInBrake
from services.administration.domain.session import Session
from tests.factories.administration import GATEWAY, PASSWORD
from tests.integration.administration.system import as_system

STRANGER = Actor(kind="anonymous")


def _fail(administration, username="ana", password="wrong-password", **more):
    return administration.refused("log_in", data={"username": username, "password": password, **more}, by=STRANGER)


def test_a_session_is_opened_and_identified(administration):
    group = administration.group("Ventas")
    ana = administration.user("ana", group_ids=[group], time_zone="Atlantic/Canary")

    opened = administration.log_in(" ANA ", ip="203.0.113.7", user_agent="Firefox")
    identity = administration.identity(opened["secret"])

    assert opened["user"]["id"] == ana["id"]
    assert opened["csrf_token"] == csrf_token(opened["secret"])
    assert (identity["user_id"], identity["kind"], identity["session_id"]) == (ana["id"], "user", opened["id"])
    assert (identity["groups"], identity["teams"], identity["group_id"]) == ([group], [group], group)
    assert (identity["locale"], identity["time_zone"]) == ("es", "Atlantic/Canary")
    assert identity["key_id"] is None
    assert administration.ask("get_user", ana["id"])["last_log_in_at"] is not None


def test_a_wrong_password_an_unknown_name_and_a_user_who_left_look_alike(administration):
    administration.user("ana")
    gone = administration.user("luis")
    administration.ask("deactivate_user", gone["id"], data={})
    refusals = [
        _fail(administration),
        _fail(administration, username="nobody"),
        _fail(administration, username="luis", password=PASSWORD),
    ]
    assert {(each.status, each.slug, each.detail) for each in refusals} == {
        (401, "log-in-failed", "The user name or the password is not right.")
    }
    spanish = administration.refused("log_in", data={"username": "ana", "password": "x"}, by=STRANGER, locale="es")
    assert spanish.detail == "El nombre de usuario o la contraseña no son correctos."


def test_failures_slow_a_name_down_growing_until_the_right_password(administration, noon):
    administration.user("ana")
    for _ in range(3):
        assert _fail(administration).slug == "log-in-failed"
    waits = []
    for _ in range(4):
        refusal = _fail(administration, password=PASSWORD)
        assert (refusal.status, refusal.slug) == (429, "log-in-delayed")
        waits.append(refusal.params["retry_after"])
        noon.advance(timedelta(seconds=waits[-1]))
        assert _fail(administration).slug == "log-in-failed"
    assert waits == [1, 2, 4, 8]

    noon.advance(timedelta(seconds=16))
    assert administration.log_in("ana")["user"]["username"] == "ana"
    assert _fail(administration).slug == "log-in-failed"
    assert administration.log_in("ana")["user"]["username"] == "ana"


def test_a_name_that_does_not_exist_is_slowed_down_just_the_same(administration, noon):
    for _ in range(3):
        _fail(administration, username="nobody")
    assert _fail(administration, username="nobody").slug == "log-in-delayed"
    assert _fail(administration, username="somebody-else").slug == "log-in-failed"


def test_an_address_that_tries_many_names_is_slowed_down(administration, noon):
    administration.user("ana")
    for number in range(20):
        assert _fail(administration, username=f"name-{number}", ip="203.0.113.7").slug == "log-in-failed"
    assert _fail(administration, password=PASSWORD, ip="203.0.113.7").slug == "log-in-delayed"
    assert administration.log_in("ana", ip="203.0.113.8")["user"]["username"] == "ana"


def test_the_longest_delay_is_a_parameter(administration, noon):
    administration.ask("set_parameter", "log_in.max_delay_seconds", data={"value": 5})
    for _ in range(12):
        _fail(administration)
        noon.advance(timedelta(seconds=5))
    _fail(administration)
    assert _fail(administration).params["retry_after"] == 5


def test_a_refused_log_in_is_told_and_logged_though_it_was_refused(administration):
    ana = administration.user("ana")
    _fail(administration, ip="203.0.113.7")
    told = [event for event in administration.service.told() if "log_in_refused" in event.type]
    assert [(event.data["slowed"], event.data["user_id"], event.data["failures"]) for event in told] == [
        ("username", ana["id"], 1),
        ("address", ana["id"], 1),
    ]
    [line] = administration.ask("list_audit", params={"action": "sessions.refused"})["items"]
    assert (line["label"], line["address"], line["record_id"]) == ("ana", "203.0.113.7", ana["id"])


def test_a_session_ends_when_nobody_uses_it(administration, noon):
    administration.user("ana")
    secret = administration.log_in("ana")["secret"]
    for _ in range(3):
        noon.advance(timedelta(hours=7))
        assert administration.identity(secret)["kind"] == "user"
    noon.advance(timedelta(hours=8, minutes=1))
    with pytest.raises(Refusal, match="sign in again"):
        administration.identity(secret)


def test_a_session_ends_even_if_it_is_used(administration, noon):
    administration.user("ana")
    secret = administration.log_in("ana")["secret"]
    for _ in range(27):
        noon.advance(timedelta(hours=6))
        administration.identity(secret)
    noon.advance(timedelta(hours=6))
    with pytest.raises(Refusal, match="sign in again"):
        administration.identity(secret)


def test_the_idle_limit_holds_at_once_when_it_is_changed(administration, noon):
    administration.user("ana")
    secret = administration.log_in("ana")["secret"]
    noon.advance(timedelta(minutes=10))
    administration.ask("set_parameter", "session.idle_minutes", data={"value": 5})
    with pytest.raises(Refusal, match="sign in again"):
        administration.identity(secret)


def test_logging_out_ends_this_session_and_no_other(administration):
    administration.user("ana")
    first, second = administration.log_in("ana"), administration.log_in("ana")
    actor = Actor.from_dict(administration.identity(first["secret"]))

    administration.ask("log_out", by=actor)

    with pytest.raises(Refusal, match="sign in again"):
        administration.identity(first["secret"])
    assert administration.identity(second["secret"])["session_id"] == second["id"]
    assert administration.service.told()[-1].data["reason"] == "logged-out"


def test_own_sessions_are_listed_and_ended_and_others_are_out_of_reach(administration):
    administration.user("ana")
    administration.user("luis")
    other = administration.log_in("luis")
    mine = administration.log_in("ana")
    ana = administration.signed_in("ana")

    listed = administration.ask("list_sessions", by=ana)["items"]
    assert mine["id"] in {session["id"] for session in listed}
    assert other["id"] not in {session["id"] for session in listed}
    assert not {"secret_hash", "secret"} & listed[0].keys()
    assert administration.refused("end_session", other["id"], by=ana).status == 404
    administration.ask("end_session", mine["id"], by=ana)
    administration.ask("end_session", other["id"])
    for secret in (mine["secret"], other["secret"]):
        with pytest.raises(Refusal, match="sign in again"):
            administration.identity(secret)


def test_the_own_password_is_changed_and_the_other_sessions_end(administration):
    administration.user("ana")
    elsewhere = administration.log_in("ana")["secret"]
    here = administration.log_in("ana")["secret"]
    ana = Actor.from_dict(administration.identity(here))
    new = "otra frase bien larga"

    wrong = administration.refused("change_own_password", data={"password": "nope", "new_password": new}, by=ana)
    assert wrong.slug == "password-wrong"
    same = {"password": PASSWORD, "new_password": PASSWORD}
    assert administration.refused("change_own_password", data=same, by=ana).slug == "password-refused"
    administration.ask("change_own_password", data={"password": PASSWORD, "new_password": new}, by=ana)

    assert administration.identity(here)["kind"] == "user"
    with pytest.raises(Refusal, match="sign in again"):
        administration.identity(elsewhere)
    assert _fail(administration, password=PASSWORD).slug == "log-in-failed"
    assert administration.log_in("ana", new)["user"]["username"] == "ana"


def test_guessing_the_present_password_is_slowed_down_like_a_log_in(administration, noon):
    administration.user("ana")
    ana = administration.signed_in("ana")
    data = {"password": "nope", "new_password": "otra frase bien larga"}
    for _ in range(3):
        assert administration.refused("change_own_password", data=data, by=ana).slug == "password-wrong"
    assert administration.refused("change_own_password", data=data, by=ana).slug == "log-in-delayed"


def test_a_password_given_by_another_must_be_changed_before_anything_else(administration):
    ana = administration.user("ana", role_ids=[administration.role("Lectora", "users:read:all")])
    before = administration.log_in("ana")["secret"]
    given = "una frase provisional"
    administration.ask("set_password", ana["id"], data={"password": given})
    with pytest.raises(Refusal, match="sign in again"):
        administration.identity(before)

    opened = administration.log_in("ana", given)
    assert opened["must_change_password"] is True
    identity = administration.identity(opened["secret"])
    assert (identity["permissions"], identity["must_change_password"]) == ({}, True)
    actor = Actor.from_dict(identity)
    assert administration.refused("list_users", by=actor).slug == "permission-denied"

    administration.ask("change_own_password", data={"password": given, "new_password": "la mía es mejor"}, by=actor)
    assert administration.identity(opened["secret"])["permissions"]["users:read"] == "all"


def test_an_old_password_must_be_changed(administration, noon):
    administration.user("ana")
    administration.ask("set_parameter", "password.max_age_days", data={"value": 30})
    noon.advance(timedelta(days=31))
    assert administration.log_in("ana")["must_change_password"] is True


def test_only_a_part_of_the_suite_asks_who_somebody_is(administration):
    data = {"kind": "session", "secret_hash": "0" * 64}
    assert administration.refused("identify", data=data).status == 403
    assert administration.refused("identify", data=data, by=STRANGER).status == 401
    for kind in ("session", "api_key"):
        refusal = administration.refused("identify", data={**data, "kind": kind}, by=GATEWAY)
        assert (refusal.status, refusal.slug) == (401, "credential-invalid")


def test_identifying_takes_three_queries(administration):
    top = administration.group("Ventas", roles=[administration.role("Lectora", "users:read:all")])
    administration.user("ana", group_ids=[administration.group("Norte", inside=top)])
    secret = administration.log_in("ana")["secret"]
    actor = Actor.from_dict(administration.identity(secret))
    token = administration.ask("create_api_key", data={"name": "x", "scopes": ["*:*"]}, by=actor)["token"]
    administration.identity(token, "api_key")
    seen = []

    def count(_connection, _cursor, statement, *_):
        seen.append(statement)

    engine = administration.service.database.engine
    sa.event.listen(engine, "before_cursor_execute", count)
    try:
        administration.identity(secret)
        assert len([each for each in seen if each.startswith("SELECT")]) == 3
        seen.clear()
        administration.identity(token, "api_key")
        assert len([each for each in seen if each.startswith("SELECT")]) == 3
        assert not [each for each in seen if each.startswith(("UPDATE", "INSERT"))]
    finally:
        sa.event.remove(engine, "before_cursor_execute", count)


def test_what_is_long_over_is_forgotten(administration, noon):
    administration.user("ana")
    administration.log_in("ana")
    _fail(administration)
    noon.advance(timedelta(days=45))
    as_system(administration, forget_old)
    with administration.service.database.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Session)) == 0
        assert session.scalar(sa.select(sa.func.count()).select_from(LogInBrake)) == 0


def test_who_am_i_needs_a_user(administration):
    assert administration.refused("who_am_i", by=SYSTEM).status == 401
    known = administration.ask("who_am_i")
    assert (known["user"]["username"], known["permissions"]["*:*"]) == ("admin", "all")
