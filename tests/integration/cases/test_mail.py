"""What notifications and administration tell: mails filed in their case, users who left, fields that cases have."""

import uuid

from chassis.clock import utc_now
from chassis.ids import new_id
from contracts.administration import CustomFieldDefined, UserDeactivated
from contracts.notifications import MessageReceived, ReceivedFile
from tests.factories import cases as make
from tests.kit.service import somebody


def _mail(cases, case_id, *, automatic=False):
    cases.tell(
        MessageReceived(
            item_id=new_id(),
            about=case_id and f"cases/{case_id}",
            case_id=case_id and uuid.UUID(case_id),
            case_number=None,
            guess=None,
            reason=None if case_id else "no-thread",
            automatic=automatic,
            sender="ana@acme.example",
            sender_name="Ana",
            cc=[],
            subject="Re: router",
            text="Sigue sin funcionar",
            html=None,
            mail_message_id="<1@acme.example>",
            received_at=utc_now(),
            files=[ReceivedFile(key="ab12", filename="foto.jpg", media_type="image/jpeg", size=7)],
        )
    )


def _entries(cases, case):
    return cases.ask("list_case_entries", case["id"]).body["items"]


def test_a_mail_is_filed_in_its_case_once_and_reopens_it(cases, case, clock, happened):
    cases.ask("transition_case", case["id"], data={"transition": "resolve", "solution": "Hecho"})
    clock.at(make.at("2026-03-02 11:00"))
    _mail(cases, case["id"])
    _mail(cases, case["id"])

    [entry] = _entries(cases, case)
    assert (entry["text"], entry["sender"], entry["author_name"]) == ("Sigue sin funcionar", "ana@acme.example", "Ana")
    assert [each["name"] for each in entry["attachments"]] == ["foto.jpg"]
    assert cases.ask("get_case", case["id"]).body["state"] == "in-progress"
    assert len(happened("case_reopened")) == len(happened("customer_wrote")) == 1


def test_what_no_person_wrote_is_filed_and_wakes_nothing(cases, case, happened):
    cases.ask("transition_case", case["id"], data={"transition": "resolve", "solution": "Hecho"})
    _mail(cases, case["id"], automatic=True)

    assert len(_entries(cases, case)) == 1
    assert cases.ask("get_case", case["id"]).body["state"] == "resolved"
    assert happened("customer_wrote") == []


def test_a_mail_about_nothing_of_ours_is_left_alone(cases, case):
    _mail(cases, None)
    _mail(cases, str(uuid.uuid4()))

    assert _entries(cases, case) == []


def test_the_cases_of_who_left_are_passed_on(cases, case):
    heir = uuid.uuid4()
    left = uuid.UUID(case["responsible_id"])

    cases.tell(UserDeactivated(user_id=left, handover_to=heir, deactivated_at=utc_now()))

    assert cases.ask("get_case", case["id"]).body["responsible_id"] == str(heir)


def test_cases_have_the_fields_that_an_installation_defines(cases, case):
    cases.tell(
        CustomFieldDefined(
            field_id=uuid.uuid4(),
            resource="cases",
            name="floor",
            kind="integer",
            labels={"es": "Planta", "en": "Floor"},
            required=False,
            options=[],
            default=None,
        )
    )

    made = cases.ask("create_case", data=make.case_data(custom={"floor": 3}), by=somebody("Luis")).body
    assert made["custom"] == {"floor": 3}


def test_a_need_that_was_detected_is_told(cases, case, happened):
    cases.ask("detect_need", case["id"], data={"need": "Una segunda línea"})

    [(_, told)] = happened("need_detected")
    assert told["need"] == "Una segunda línea"
