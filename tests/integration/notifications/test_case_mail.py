"""What cases tells becomes mail to the customer: both services, their own events, a real mail server."""

from io import BytesIO

import pytest

from chassis import blobs, settings
from tests.factories import cases as make


@pytest.fixture
def cases(run_service, store):
    service = run_service("cases")
    service.ask("create_calendar", data=make.calendar_data())
    service.ask("create_sla_policy", data=make.policy_data())
    service.ask("create_workflow", data=make.workflow_data())
    return service


@pytest.fixture
def mails(notifications, cases, mail_server):
    """Return what customers got of all that cases told so far."""
    done = set()

    def arrive():
        new = [event for event in cases.told() if event.id not in done]
        done.update(event.id for event in new)
        notifications.deliver(*new)
        notifications.work()
        return [got for _, got in mail_server.mails]

    return arrive


def text(mail):
    return mail.get_body(("plain",)).get_content()


def test_an_answer_goes_with_its_copies_and_its_files_by_their_names(cases, mails):
    case = cases.ask("create_case", data=make.case_data()).body
    key = blobs.open_store(settings.load()).put(BytesIO(b"%PDF-1.7")).key
    file = {"name": "factura ñ.pdf", "key": key, "size": 8, "media_type": "application/pdf"}
    reply = {"text": "Va adjunta.", "copies": ["jefa@acme.example"], "attachments": [file]}
    cases.ask("reply_to_case", case["id"], data=reply)

    [mail] = mails()
    assert (mail["To"], mail["Cc"]) == ("ana@acme.example", "jefa@acme.example")
    assert mail["Subject"].endswith(f"[{case['number']}]")
    [part] = mail.iter_attachments()
    assert (part.get_filename(), part.get_content_type()) == ("factura ñ.pdf", "application/pdf")
    assert part.get_content() == b"%PDF-1.7"


@pytest.mark.parametrize(
    ("locale", "said"), [(None, "Puede contestar a este correo."), ("en", "You may answer this mail.")]
)
def test_the_customer_is_written_to_in_the_language_of_the_case(cases, mails, locale, said):
    case = cases.ask("create_case", data=make.case_data(locale=locale)).body
    cases.ask("reply_to_case", case["id"], data={"text": "OK"})
    assert said in text(mails()[0])


def test_the_survey_is_in_the_language_of_the_case(cases, mails):
    case = cases.ask("create_case", data=make.case_data(locale="en")).body
    cases.ask("transition_case", case["id"], data={"transition": "resolve", "solution": "Hecho"})
    cases.ask("send_survey", data={"case_id": case["id"]})
    assert mails()[0]["Subject"].startswith("How did we do?")


@pytest.fixture
def type_id(cases):
    """A type below one that acknowledges."""
    words = {"es": "Hemos recibido su consulta.", "en": "We have got your question."}
    above = cases.ask("create_case_type", data=make.type_data("support", acknowledgement=words)).body
    return cases.ask("create_case_type", data=make.type_data("fibre", parent_id=above["id"])).body["id"]


def test_a_type_may_acknowledge_a_new_case_once_an_hour_to_one_customer(notifications, cases, mails, type_id):
    for _ in range(3):
        case = cases.ask("create_case", data=make.case_data(type_id=type_id)).body
    [mail] = mails()
    assert "Hemos recibido su consulta." in text(mail)
    assert mail["Auto-Submitted"] == "auto-generated"
    held = notifications.ask("list_messages", params={"refused_by": "automatic-limit"}).body["items"]
    assert len(held) == 2

    [entry] = cases.ask("list_case_entries", case["id"]).body["items"]
    assert (entry["kind"], entry["automatic"]) == ("reply", True)
    shown = cases.ask("get_case", case["id"]).body
    assert (shown["first_response_at"], shown["waiting_since"] is not None) == (None, True), "no clock listens to it"


def test_the_acknowledgement_is_in_the_language_of_the_customer(cases, mails, type_id):
    cases.ask("create_case", data=make.case_data(type_id=type_id, locale="en"))
    assert "We have got your question." in text(mails()[0])


@pytest.mark.parametrize("other", [{"channel": "phone"}, {"direction": "outbound"}, {"contact_email": None}])
def test_who_did_not_write_to_us_is_not_acknowledged(cases, mails, type_id, other):
    cases.ask("create_case", data=make.case_data(type_id=type_id, **other))
    assert mails() == []


def test_cases_that_are_brought_in_by_the_hundred_or_split_off_are_not_acknowledged(cases, mails, type_id):
    many = [make.case_data(type_id=type_id, contact_email=f"{number}@acme.example") for number in range(3)]
    cases.ask("bulk_create_cases", data={"items": many})
    assert cases.ask("list_cases", params={"count": "true"}).body["total"] == 3
    assert mails() == []
    case = cases.ask("create_case", data=make.case_data(type_id=type_id, channel="phone")).body
    entry = cases.ask("add_case_message", case["id"], data={"text": "Y otra cosa", "channel": "email"}).body
    cases.ask("split_case", case["id"], data={"entry_ids": [entry["id"]], "subject": "Otra cosa"})
    assert mails() == []


def test_a_type_below_may_say_something_else_and_a_version_keeps_what_was_said(cases, type_id):
    found = cases.ask("get_case_type", type_id).body
    assert found["effective"]["acknowledgement"]["es"] == "Hemos recibido su consulta."
    words = {"es": "Gracias.", "en": "Thanks."}
    cases.ask("update_case_type", type_id, data={"acknowledgement": words}, version=found["version"])
    versions = cases.ask("list_case_type_versions", type_id).body
    listed = versions["items"] if isinstance(versions, dict) else versions
    assert [each["holds"]["acknowledgement"]["es"] for each in listed] == ["Gracias.", "Hemos recibido su consulta."]
