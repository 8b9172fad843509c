import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from chassis.clock import utc_now
from chassis.db import migrations
from chassis.db.database import Database
from chassis.ids import new_id
from services.administration.domain.audit_entry import AuditEntry
from services.administration.domain.base import Model


def _entry():
    return AuditEntry(
        id=new_id(), at=utc_now(), action="users.created", actor_name="a", actor_kind="user", resource="users"
    )


@pytest.mark.parametrize(
    "attempt", [sa.update(AuditEntry).values(label="other"), sa.delete(AuditEntry)], ids=["change", "delete"]
)
def test_the_database_itself_keeps_the_log_as_it_is(database_url, attempt):
    migrations.upgrade("administration", database_url)
    database = Database(database_url, Model.metadata)
    with database.write() as session:
        session.add(_entry())

    with pytest.raises(DBAPIError, match="append-only"), database.write() as session:
        session.execute(attempt)

    with database.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(AuditEntry)) == 1
    database.dispose()


def test_the_scripts_bring_what_the_models_say_and_take_it_back(database_url):
    migrations.upgrade("administration", database_url)
    assert migrations.differences("administration", database_url) == []
    migrations.downgrade("administration", database_url)
    migrations.upgrade("administration", database_url)
    assert migrations.differences("administration", database_url) == []
