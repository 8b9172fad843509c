import pytest
import sqlalchemy as sa

from chassis.clock import utc_now
from chassis.db import migrations
from chassis.db.database import Database
from chassis.envelope import Envelope, EventActor
from chassis.ids import new_id
from contracts.administration import GroupChanged, RoleChanged, UserChanged, UserCreated
from services.notifications.domain.notification_rule import NotificationRule
from tests.kit.service import somebody


@pytest.fixture
def people(notifications):
    """Ana and Luis in a team of support, Marta supervises the area that the team is in; nobody supervises the team."""
    area, team, supervising = new_id(), new_id(), new_id()
    notifications.tell(RoleChanged(role_id=supervising, name="supervisor", permissions=[]))
    notifications.tell(GroupChanged(group_id=area, name="Area", parent_id=None, inherits=True, role_ids=[]))
    notifications.tell(GroupChanged(group_id=team, name="Team", parent_id=area, inherits=True, role_ids=[]))
    found = {"area": area, "team": team}
    for name, group, roles, locale in (
        ("ana", team, [], "es"),
        ("luis", team, [], "en"),
        ("marta", area, [supervising], "es"),
    ):
        found[name] = somebody(name, preferences_write="own", preferences_read="own")
        card = {
            "user_id": found[name].user_id,
            "username": name,
            "name": name.title(),
            "email": f"{name}@trato.example",
            "locale": locale,
            "time_zone": "Europe/Madrid",
            "group_id": group,
            "group_ids": [],
            "role_ids": roles,
        }
        notifications.tell(UserCreated(**card))
    return found


def rule(**overrides):
    return {
        "name": "Assigned",
        "events": ["crm.cases.case_assigned.v1"],
        "recipients": [{"role": "assignee"}],
        "channels": ["in_app"],
        "subject": {"es": "Caso {{ data.number }}", "en": "Case {{ data.number }}"},
        "text": {
            "es": "{{ actor.name }} le asignó {{ data.subject }}.",
            "en": "{{ actor.name }} gave you {{ data.subject }}.",
        },
        **overrides,
    }


def happened(notifications, people, type_="crm.cases.case_assigned.v1", by=None, **data):
    case = new_id()
    envelope = Envelope(
        id=new_id(),
        source="/crm/cases",
        type=type_,
        subject=f"cases/{case}",
        time=utc_now(),
        sequence=1,
        actor=EventActor(by.user_id if by else None, by.name if by else "Marta", "user"),
        group=people["team"],
        data={"case_id": str(case), "number": "CAS-1", "subject": "La factura", **data},
    )
    notifications.deliver(envelope)
    return envelope


def inbox(notifications, who):
    items = notifications.ask("list_messages", by=who, params={"channel": "in_app"}).body["items"]
    return [item["subject"] for item in items]


def test_whoever_is_assigned_is_told_in_their_own_language(notifications, people):
    notifications.ask("create_notification_rule", data=rule())
    happened(notifications, people, resolver_id=str(people["ana"].user_id))
    happened(notifications, people, resolver_id=str(people["luis"].user_id))

    [mine] = notifications.ask("list_messages", by=people["ana"]).body["items"]
    assert (mine["subject"], mine["text"], mine["state"]) == ("Caso CAS-1", "Marta le asignó La factura.", "sent")
    assert inbox(notifications, people["luis"]) == ["Case CAS-1"]
    assert inbox(notifications, people["marta"]) == []


def test_nobody_is_told_of_what_they_did_themselves(notifications, people):
    notifications.ask("create_notification_rule", data=rule())
    happened(notifications, people, by=people["ana"], resolver_id=str(people["ana"].user_id))
    assert inbox(notifications, people["ana"]) == []


def test_a_group_and_its_supervisor_are_told_each_person_once(notifications, people):
    both = [{"role": "group"}, {"role": "supervisor"}, {"role": "owner"}]
    notifications.ask("create_notification_rule", data=rule(recipients=both))
    notifications.ask("create_notification_rule", data=rule(name="Again", recipients=both))
    happened(notifications, people, responsible_id=str(people["ana"].user_id))
    for name in ("ana", "luis", "marta"):
        assert len(inbox(notifications, people[name])) == 1


def test_an_escalation_says_itself_who_must_know(notifications, people):
    data = rule(events=["crm.cases.case_escalated.v1"], recipients=[{"role": "named"}])
    notifications.ask("create_notification_rule", data=data)
    named = {"notify": ["supervisor", "resolver"], "resolver_id": str(people["luis"].user_id)}
    happened(notifications, people, "crm.cases.case_escalated.v1", **named)
    assert [len(inbox(notifications, people[name])) for name in ("ana", "luis", "marta")] == [0, 1, 1]


def test_people_say_by_which_channel_they_want_to_be_told(notifications, people, mail_server):
    ana = people["ana"]
    notifications.ask("create_notification_rule", data=rule(channels=["in_app", "email"]))
    notifications.ask("set_preference", "email", "cases", data={"wanted": False}, by=ana)
    happened(notifications, people, resolver_id=str(ana.user_id))
    notifications.work()
    assert (len(inbox(notifications, ana)), len(mail_server.mails)) == (1, 0)

    notifications.ask("set_preference", "email", "cases", data={"wanted": True}, by=ana)
    notifications.ask("set_preference", "in_app", "everything", data={"wanted": False}, by=ana)
    happened(notifications, people, resolver_id=str(ana.user_id))
    notifications.work()
    assert (len(inbox(notifications, ana)), len(mail_server.mails)) == (1, 1)
    assert mail_server.mails[0][0]["to"] == ["ana@trato.example"]
    said = notifications.ask("list_preferences", by=ana).body["items"]
    assert {(each["channel"], each["topic"], each["wanted"]) for each in said} == {
        ("email", "cases", True),
        ("in_app", "everything", False),
    }
    assert notifications.ask("list_preferences", by=people["luis"]).body["items"] == []


def test_who_left_is_told_nothing(notifications, people):
    ana = people["ana"]
    notifications.ask("create_notification_rule", data=rule())
    card = {"username": "ana", "name": "Ana", "email": None, "locale": "es", "time_zone": "Europe/Madrid"}
    more = {"group_id": None, "group_ids": [], "role_ids": [], "active": False}
    notifications.tell(UserChanged(user_id=ana.user_id, **card, **more))
    happened(notifications, people, resolver_id=str(ana.user_id))
    assert inbox(notifications, ana) == []


def test_notices_are_read_one_by_one_or_all(notifications, people):
    ana = people["ana"]
    notifications.ask("create_notification_rule", data=rule())
    for _ in range(3):
        happened(notifications, people, resolver_id=str(ana.user_id))
    assert notifications.ask("count_unread_messages", by=ana).body == {"unread": 3}
    first = notifications.ask("list_messages", by=ana, params={"unread": "true"}).body["items"][0]
    assert notifications.ask("read_message", first["id"], by=ana).body["read_at"] is not None
    assert notifications.ask("count_unread_messages", by=ana).body == {"unread": 2}
    assert notifications.ask("read_all_messages", by=ana).body == {"read": 2}
    assert notifications.ask("list_messages", by=ana, params={"unread": "true"}).body["items"] == []


def test_nobody_reads_the_notices_of_others(notifications, people):
    notifications.ask("create_notification_rule", data=rule())
    happened(notifications, people, resolver_id=str(people["ana"].user_id))
    [notice] = notifications.ask("list_messages", by=people["ana"]).body["items"]
    assert notifications.refused("get_message", notice["id"], by=people["luis"]).status == 404
    assert notifications.refused("get_message", notice["id"]).status == 404, "not even an administrator"


def test_one_event_told_again_is_one_notice(notifications, people):
    notifications.ask("create_notification_rule", data=rule())
    envelope = happened(notifications, people, resolver_id=str(people["ana"].user_id))
    with notifications.database.write() as session:
        session.connection().exec_driver_sql("DELETE FROM inbox")
    notifications.deliver(envelope)
    assert len(inbox(notifications, people["ana"])) == 1


def test_a_rule_with_conditions_tells_only_where_they_hold(notifications, people):
    filters = [{"member": "data.metric", "values": ["first_response"]}]
    data = rule(events=["crm.cases.sla_breached.v1"], filters=filters, recipients=[{"role": "assignee"}])
    made = notifications.ask("create_notification_rule", data=data).body
    for metric in ("first_response", "resolution"):
        values = {"metric": metric, "resolver_id": str(people["ana"].user_id)}
        happened(notifications, people, "crm.cases.sla_breached.v1", **values)
    assert len(inbox(notifications, people["ana"])) == 1
    notifications.ask("update_notification_rule", made["id"], data={"active": False}, version=made["version"])
    values = {"metric": "first_response", "resolver_id": str(people["ana"].user_id)}
    happened(notifications, people, "crm.cases.sla_breached.v1", **values)
    assert len(inbox(notifications, people["ana"])) == 1


@pytest.mark.parametrize(
    ("change", "slug"),
    [
        ({"events": []}, "no-events-wanted"),
        ({"recipients": []}, "nobody-to-tell"),
        ({"recipients": [{"role": "user"}]}, "nobody-to-tell"),
        ({"channels": []}, "nobody-to-tell"),
        ({"channels": ["pigeon"]}, "validation-failed"),
        ({"text": {"es": "{{ case.number }}", "en": "x"}}, "unknown-placeholder"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(notifications, change, slug):
    assert notifications.refused("create_notification_rule", data=rule(**change)).slug == slug


def test_there_is_no_other_channel(notifications):
    assert notifications.refused("set_preference", "pigeon", "cases", data={"wanted": True}).slug == "no-such-channel"


def test_the_rules_that_ship_make_sense(database_url):
    migrations.upgrade("notifications", database_url)
    database = Database(database_url)
    with database.read() as session:
        shipped = session.scalars(sa.select(NotificationRule)).all()
        for each in shipped:
            each.check()
        assert {role.role for each in shipped for role in each.recipients} >= {"owner", "assignee", "supervisor"}
    database.dispose()
