"""Two programs that answer each other, over SMTP: neither says what it is, and still they come to rest."""

import smtplib
from datetime import timedelta

import pytest

from chassis.ids import new_id
from contracts.administration import ParameterChanged, UserCreated
from tests.factories import cases as make
from tests.factories.mails import OWN, mail
from tests.integration.notifications.responder import Responder

_ROBOT = "robot@acme.example"
_ROUNDS = 30


@pytest.fixture
def robot(notifications, door, configured):
    """It gets all mail that we send, and answers it."""
    found = Responder(door).start()
    configured(TRATO_SMTP_URL=found.url)
    yield found
    found.stop()


@pytest.fixture
def cases(run_service):
    service = run_service("cases")
    service.ask("create_calendar", data=make.calendar_data())
    service.ask("create_sla_policy", data=make.policy_data())
    service.ask("create_workflow", data=make.workflow_data())
    return service


@pytest.fixture
def until_it_rests(notifications, cases, robot):
    """Carry events and mails to and fro until nothing happens any more; ``react`` is a program that hears events."""

    def play(react=lambda _event: None):
        seen = set()
        for number in range(_ROUNDS):
            new = [each for each in (*cases.told(), *notifications.told()) if each.id not in seen]
            seen |= {each.id for each in new}
            for event in new:
                cases.deliver(event)
                notifications.deliver(event)
                react(event)
            notifications.work()
            robot.rest()
            if not new:
                return number
        raise AssertionError(f"they still answer each other after {_ROUNDS} rounds")

    return play


@pytest.fixture
def case(cases):
    """A case of the robot's, with its first answer by a person."""
    found = cases.ask("create_case", data=make.case_data(contact_email=_ROBOT)).body
    cases.ask("reply_to_case", found["id"], data={"text": "Buenos días."})
    return found


def entries(cases, case):
    return cases.ask("list_case_entries", case["id"], params={"limit": "200"}).body["items"]


def test_a_program_that_confirms_each_message_of_the_robot_confirms_one_an_hour(  # noqa: PLR0917 - fixtures
    notifications, cases, robot, case, until_it_rests, noon
):
    def confirm(event):
        if event.type == "crm.cases.customer_wrote.v1":
            cases.ask("reply_to_case", case["id"], data={"text": "Hemos recibido su mensaje.", "automatic": True})

    until_it_rests(confirm)
    assert len(robot.mails) == 2, "what a person wrote, and one confirmation"
    assert len([each for each in entries(cases, case) if each["kind"] == "customer"]) == 2
    held = notifications.ask("list_messages", params={"refused_by": "automatic-limit"}).body["items"]
    assert [each["about"] for each in held] == [f"cases/{case['id']}"]

    noon.advance(timedelta(hours=2))
    with smtplib.SMTP("127.0.0.1", robot.answers_to) as connection:
        again = mail(From=_ROBOT, Subject=f"[{case['number']}]")
        connection.send_message(again, _ROBOT, [OWN])
    until_it_rests(confirm)
    assert len(robot.mails) == 3


def test_without_the_limit_they_would_go_on(notifications, cases, case, until_it_rests):
    notifications.tell(ParameterChanged(key="mail.automatic_replies_per_hour", value=100, old=1))

    def confirm(event):
        if event.type == "crm.cases.customer_wrote.v1":
            cases.ask("reply_to_case", case["id"], data={"text": "Hemos recibido su mensaje.", "automatic": True})

    with pytest.raises(AssertionError, match="still answer each other"):
        until_it_rests(confirm)


def test_a_program_that_closes_what_the_robot_reopens_does_so_three_times(
    notifications, cases, robot, case, until_it_rests
):
    def close(event):
        if event.type == "crm.cases.customer_wrote.v1":
            # A person's words, so that no limit of mails stands in the way.
            cases.ask("reply_to_case", case["id"], data={"text": "Queda resuelto."})
            cases.ask("transition_case", case["id"], data={"transition": "resolve", "solution": "Hecho"})

    until_it_rests(close)
    found = cases.ask("get_case", case["id"]).body
    assert (found["reopened"], found["look_needed"], found["state"]) == (3, True, "resolved")
    assert entries(cases, case)[-1]["held_back"] is True, "what came last is kept"


def test_a_colleague_whose_mailbox_answers_gets_no_more_notices_than_a_person_could_cause(
    notifications, robot, until_it_rests
):
    ana = new_id()
    card = {"user_id": ana, "username": "ana", "name": "Ana", "locale": "es", "time_zone": "Europe/Madrid"}
    notifications.tell(UserCreated(**card, email=_ROBOT, group_id=None, group_ids=[], role_ids=[]))
    both = {"es": "Llegó un correo", "en": "A mail came"}
    rule = {"name": "Mails", "events": ["crm.notifications.message_received.v1"], "subject": both, "text": both}
    told = {"recipients": [{"role": "user", "id": str(ana)}], "channels": ["email"], "tell_who_did_it": True}
    notifications.ask("create_notification_rule", data={**rule, **told})

    with smtplib.SMTP("127.0.0.1", robot.answers_to) as connection:
        connection.send_message(mail(), "luis@acme.example", [OWN])
    until_it_rests()
    assert 10 <= len(robot.mails) <= 12
