"""The customer of a case that is over writes again: what the area's rule says, and how often mails may reopen."""

import threading
import uuid

import pytest

from chassis.clock import utc_now
from chassis.ids import new_id
from chassis.ops.system_work import SystemWork
from contracts.administration import ParameterChanged
from contracts.notifications import MessageReceived
from services.cases.handlers import forget_reopenings
from tests.factories import cases as make
from tests.kit.service import somebody

_ROBOT = "robot@acme.example"


@pytest.fixture
def write(cases):
    """Have a mail come in that is filed in a case."""

    def mail(case, sender="ana@acme.example", text="Sigue sin funcionar", **more):
        item = new_id()
        told = {
            "about": f"cases/{case['id']}",
            "case_id": uuid.UUID(case["id"]),
            "case_number": None,
            "guess": None,
            "reason": None,
            "automatic": False,
            "sender_name": "",
            "cc": [],
            "subject": "Re: router",
            "html": None,
            "mail_message_id": f"<{item}@acme.example>",
            "received_at": utc_now(),
            "files": [],
        }
        cases.tell(MessageReceived(item_id=item, sender=sender, text=text, **{**told, **more}))

    return mail


def resolve(cases, case):
    cases.ask("transition_case", case["id"], data={"transition": "resolve", "solution": "Hecho"})


def shown(cases, case):
    return cases.ask("get_case", case["id"]).body


def entries(cases, case):
    return cases.ask("list_case_entries", case["id"]).body["items"]


def followers(cases, case):
    return cases.ask("list_cases", params={"follows_id": case["id"]}).body["items"]


def say(cases, **rule):
    return cases.ask("create_reopening_rule", data=rule).body


def test_one_sender_reopens_a_case_three_times_an_hour_and_then_a_person_looks(cases, case, clock, write, happened):
    for _ in range(6):
        resolve(cases, case) if shown(cases, case)["category"] == "open" else None
        write(case, _ROBOT)

    found = shown(cases, case)
    assert (found["state"], found["reopened"], found["look_needed"]) == ("resolved", 3, True)
    said = entries(cases, case)
    assert [each["held_back"] for each in said] == [False] * 3 + [True] * 3, "each is kept"
    assert len(happened("customer_wrote")) == 3
    [(_, told)] = happened("reopening_held_back")
    assert told["entry_id"] == said[3]["id"]
    listed = cases.ask("list_cases", params={"look_needed": "true"}).body["items"]
    assert [each["id"] for each in listed] == [case["id"]]

    write(case, "luis@acme.example")
    assert shown(cases, case)["reopened"] == 4, "somebody else is counted apart"


def test_after_an_hour_the_sender_may_again_and_who_looked_is_asked_no_more(cases, case, clock, write, happened):
    cases.tell(ParameterChanged(key="mail.reopenings_per_hour", value=1, old=3))
    for _ in range(2):
        resolve(cases, case)
        write(case)
    assert shown(cases, case)["look_needed"] is True
    cases.ask("add_case_note", case["id"], data={"text": "Es un contestador."})
    assert shown(cases, case)["look_needed"] is False

    clock.at(make.at("2026-03-02 10:30"))
    write(case)
    assert (shown(cases, case)["reopened"], len(happened("reopening_held_back"))) == (2, 1)


def test_the_installation_may_say_that_mails_never_reopen(cases, case, clock, write):
    cases.tell(ParameterChanged(key="mail.reopenings_per_hour", value=0, old=3))
    resolve(cases, case)
    write(case)
    assert shown(cases, case)["state"] == "resolved"


def test_new_cases_that_follow_count_as_well(cases, case, clock, write):
    say(cases, mode="new_case")
    last = case
    for _ in range(8):
        if shown(cases, last)["category"] == "open":
            resolve(cases, last)
        write(case, _ROBOT)
        last = next(iter(followers(cases, last)), last)
    assert cases.ask("list_cases", params={"count": "true"}).body["total"] == 1 + 3
    assert shown(cases, case)["look_needed"] is True


def test_of_mails_that_come_at_once_no_more_than_allowed_reopen(cases, case, clock, write):
    cases.tell(ParameterChanged(key="mail.reopenings_per_hour", value=1, old=3))
    say(cases, mode="new_case")
    resolve(cases, case)
    failed, ready = [], threading.Barrier(3)

    def come():
        ready.wait()
        for _ in range(20):
            try:
                return write(case, _ROBOT)
            except Exception as error:  # noqa: BLE001 - the queue brings it again
                failed.append(error)
        raise AssertionError(failed)

    threads = [threading.Thread(target=come) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert cases.ask("list_cases", params={"count": "true"}).body["total"] == 2


def test_who_reopened_what_is_forgotten_after_a_day(cases, case, clock, write):
    resolve(cases, case)
    write(case)
    work = SystemWork("cases", cases.database, cases.database.metadata, "test")
    for at, kept in (("2026-03-02 11:00", 1), ("2026-03-04 11:00", 0)):
        clock.at(make.at(at))
        with work.writing() as uow:
            forget_reopenings(uow)
            rows = uow.session.connection().exec_driver_sql("SELECT count(*) FROM mail_reopenings").scalar()
        assert rows == kept


@pytest.mark.parametrize(
    ("rule", "on", "goes_on"),
    [
        (None, "2026-03-04 11:00", True),
        (None, "2026-03-20 11:00", False),
        ({"mode": "always"}, "2026-06-01 11:00", True),
        ({"mode": "new_case"}, "2026-03-02 11:00", False),
        ({"mode": "within_days", "days": 2}, "2026-03-04 11:00", True),
        ({"mode": "within_days", "days": 2}, "2026-03-05 11:00", False),
    ],
)
def test_the_rule_says_whether_the_case_goes_on_or_a_new_one_follows(  # noqa: PLR0917 - fixtures
    cases, case, clock, write, rule, on, goes_on
):
    if rule is not None:
        say(cases, **rule)
    resolve(cases, case)
    clock.at(make.at(on))
    write(case)
    new = followers(cases, case)
    assert shown(cases, case)["reopened"] == int(goes_on)
    assert len(new) == int(not goes_on)
    if new:
        assert [each["text"] for each in entries(cases, new[0])] == ["Sigue sin funcionar"]
        write(case, text="¿Y bien?")
        assert len(entries(cases, new[0])) == 2, "what comes to the old case later goes on in the one that follows"
        assert len(followers(cases, case)) == 1


def test_each_area_has_its_own_rule(cases, standard, workflow, clock, write):
    area, other = str(uuid.uuid4()), str(uuid.uuid4())
    say(cases, group_id=area, mode="new_case")
    say(cases, mode="always")
    for group, number in ((area, 1), (other, 0)):
        case = cases.ask("create_case", data=make.case_data()).body
        cases.ask("assign_case", case["id"], data={"group_id": group})
        resolve(cases, case)
        write(case)
        assert len(followers(cases, case)) == number
    assert cases.refused("create_reopening_rule", data={"group_id": area, "mode": "always"}).slug == "area-has-its-rule"
    assert cases.refused("create_reopening_rule", data={"mode": "always"}, locale="es").status == 409


@pytest.mark.parametrize("mode", ["always", "new_case"])
@pytest.mark.parametrize("keep", [True, False])
def test_an_area_keeps_whoever_was_responsible_or_has_it_itself(  # noqa: PLR0917 - fixtures
    cases, case, clock, write, mode, keep
):
    say(cases, mode=mode, keep_owner=keep)
    resolve(cases, case)
    write(case)
    found = shown(cases, next(iter(followers(cases, case)), case))
    assert (found["responsible_id"] == case["responsible_id"]) is keep
    assert (found["responsible_id"] is None) is not keep
    assert found["group_id"] == case["group_id"]


def test_rules_are_changed_and_deleted_by_who_may_change_workflows(cases, case, clock, write):
    rule = say(cases, mode="new_case")
    luis = somebody("Luis", cases_write="all", workflows_read="all")
    assert cases.refused("update_reopening_rule", rule["id"], data={"mode": "always"}, by=luis).status == 403
    changed = cases.ask("update_reopening_rule", rule["id"], data={"mode": "always"}, version=rule["version"]).body
    assert cases.ask("list_reopening_rules", by=luis).body["items"] == [changed]
    cases.ask("delete_reopening_rule", rule["id"])
    assert cases.refused("get_reopening_rule", rule["id"]).status == 404


def test_what_a_mail_quotes_is_kept_apart_from_what_it_says(cases, case, write):
    write(case, quoted="> Se la enviamos.")
    [entry] = entries(cases, case)
    assert (entry["text"], entry["quoted"]) == ("Sigue sin funcionar", "> Se la enviamos.")


def test_a_mail_to_a_thousand_people_is_filed(cases, case, write):
    copies = [f"n{number}@acme.example" for number in range(1000)]
    write(case, cc=copies, sender_name="x" * 255, text="y" * 100_000)
    [entry] = entries(cases, case)
    assert (len(entry["text"]), entry["copies"][:1]) == (100_000, copies[:1])
