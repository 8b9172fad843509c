import logging

import orjson
import sqlalchemy as sa

from chassis.credentials import hash_secret
from tests.factories.administration import PASSWORD


def _lines(administration, **params):
    return administration.ask("list_audit", params=params)["items"]


def test_who_changed_what_is_kept_with_old_and_new(administration):
    ana = administration.user("ana")
    administration.change_user(ana["id"], name="Ana María", locale="en")
    changed, created = _lines(administration, record_id=ana["id"])
    assert (created["action"], created["changes"]["username"]) == ("users.created", {"old": None, "new": "ana"})
    assert changed["changes"] == {
        "name": {"old": "Ana", "new": "Ana María"},
        "locale": {"old": "es", "new": "en"},
    }
    assert (changed["actor_id"], changed["actor_name"], changed["actor_kind"]) == (
        administration.admin_id,
        "Administradora",
        "user",
    )
    assert changed["request_id"]


def test_every_act_leaves_a_line(administration):
    ana = administration.user("ana")
    opened = administration.log_in("ana")
    role = administration.role("Lectora", "users:read:all")
    group = administration.group("Ventas")
    administration.ask("delete_group", group)
    administration.ask("delete_role", role)
    key = administration.ask("create_api_key", data={"name": "x", "scopes": ["users:read"]})
    administration.ask("revoke_api_key", key["id"])
    administration.ask("end_session", opened["id"])
    administration.ask("set_password", ana["id"], data={"password": PASSWORD})
    administration.ask("deactivate_user", ana["id"], data={})
    administration.ask("reactivate_user", ana["id"])
    actions = {line["action"] for line in _lines(administration, limit="200")}
    assert actions >= {
        "users.created",
        "users.password_set",
        "users.deactivated",
        "users.reactivated",
        "sessions.opened",
        "sessions.ended",
        "roles.created",
        "roles.removed",
        "groups.created",
        "groups.removed",
        "api-keys.created",
        "api-keys.revoked",
    }


def test_a_refused_act_leaves_no_line(administration):
    before = len(_lines(administration, limit="200"))
    administration.refused("create_user", data={"username": "admin", "name": "Otra"})
    assert len(_lines(administration, limit="200")) == before


def test_the_log_is_read_by_pages_and_filters(administration):
    for number in range(5):
        administration.user(f"user-{number}")
    first = administration.ask("list_audit", params={"action": "users.created", "limit": "4", "count": "true"})
    assert (len(first["items"]), first["total"]) == (4, 6)
    rest = administration.ask(
        "list_audit", params={"action": "users.created", "limit": "4", "cursor": first["next_cursor"]}
    )
    assert [line["label"] for line in first["items"] + rest["items"]] == [
        *(f"user-{number}" for number in (4, 3, 2, 1, 0)),
        "admin",
    ]
    assert rest["next_cursor"] is None


def test_only_who_may_reads_the_log(administration):
    administration.user("ana")
    assert administration.refused("list_audit", by=administration.signed_in("ana")).slug == "permission-denied"


def test_no_secret_is_stored_told_or_logged(administration, caplog):
    caplog.set_level(logging.DEBUG)
    new, wrong = "otra frase bien secreta", "equivocada-pero-privada"
    administration.user("ana")
    administration.refused("log_in", data={"username": "ana", "password": wrong})
    session = administration.log_in("ana")
    ana = administration.signed_in("ana")
    key = administration.service.ask(
        "create_api_key", data={"name": "x", "scopes": ["users:read"]}, by=ana, key="once"
    ).body
    data = {"password": PASSWORD, "new_password": new}
    administration.service.ask("change_own_password", data=data, by=ana, key="twice")

    database = administration.service.database
    with database.read() as connection:
        everything = "\n".join(
            str(row) for table in database.metadata.sorted_tables for row in connection.execute(sa.select(table)).all()
        )
    told = orjson.dumps([event.data for event in administration.service.told()]).decode()
    secrets = [PASSWORD, new, wrong, session["secret"], session["csrf_token"], key["token"]]
    for place in (everything, told, caplog.text):
        assert not [secret for secret in secrets if secret in place]
    assert "argon2" not in told + caplog.text
    assert hash_secret(session["secret"]) in everything
    for plain in (told, caplog.text, orjson.dumps(_lines(administration, limit="200")).decode()):
        assert hash_secret(session["secret"]) not in plain
        assert hash_secret(key["token"]) not in plain
