"""In which language a customer is written to: the case's own, else the person's, else the company's of that moment."""

from uuid import UUID

import pytest

from chassis.ids import new_id
from contracts.contacts import ContactKind, ContactLanguageChanged, ContactMerged, ContactUnmerged
from tests.factories import cases as make

ANA = "0190f3a0-0000-7000-8000-000000000001"
ANA2 = "0190f3a0-0000-7000-8000-000000000002"
ACME = "0190f3a0-0000-7000-8000-000000000003"
WORDS = {"es": "Hemos recibido su consulta.", "en": "We have got your question."}


def speaks(cases, contact_id, language):
    """Have contacts tell the language of somebody; returns what came over the bus."""
    kind = ContactKind.COMPANY if contact_id == ACME else ContactKind.PERSON
    return cases.tell(ContactLanguageChanged(contact_id=UUID(contact_id), kind=kind, language=language))


def new_case(cases, **data):
    return cases.ask("create_case", data=make.case_data(**{"person_id": ANA, "company_id": ACME, **data})).body


def answer(cases, **data):
    """Have a new case be answered."""
    cases.ask("reply_to_case", new_case(cases, **data)["id"], data={"text": "OK"})


def acknowledge(cases, **data):
    """Have a new case be acknowledged."""
    type_id = cases.ask("create_case_type", data=make.type_data(acknowledgement=WORDS)).body["id"]
    new_case(cases, type_id=type_id, **data)


def survey(cases, **data):
    """Have the customer of a new case be asked how satisfied they are."""
    case = new_case(cases, **data)
    cases.ask("transition_case", case["id"], data={"transition": "resolve", "solution": "Hecho"})
    cases.ask("send_survey", data={"case_id": case["id"]})


@pytest.fixture
def written(standard, workflow, happened):
    """Return what customers were written so far."""
    return lambda: [data for _, data in happened("case_replied", "survey_sent")]


@pytest.fixture
def answered(cases, written):
    """Answer a case, and return the language of that."""

    def reply(case):
        cases.ask("reply_to_case", case["id"], data={"text": "OK"})
        return written()[-1]["locale"]

    return reply


@pytest.mark.parametrize("write", [answer, acknowledge, survey])
@pytest.mark.parametrize(
    ("spoken", "case", "language"),
    [
        ({}, {}, None),
        ({ANA2: "en"}, {}, None),
        ({ANA: "en"}, {}, "en"),
        ({ACME: "en"}, {}, "en"),
        ({ACME: "en"}, {"person_id": None}, "en"),
        ({ANA: "es", ACME: "en"}, {}, "es"),
        ({ACME: "es", ANA: "en"}, {}, "en"),
        ({ANA: "es", ACME: "es"}, {"locale": "en"}, "en"),
        ({ANA: "en"}, {"person_id": None, "company_id": None}, None),
        ({ANA: "fr"}, {}, None),
        ({ANA: "fr", ACME: "en-GB"}, {}, "en-GB"),
    ],
)
def test_the_language_of_the_case_wins_then_the_persons_then_the_companys(  # noqa: PLR0917 - fixtures
    cases, written, write, spoken, case, language
):
    for contact_id, theirs in spoken.items():
        speaks(cases, contact_id, theirs)
    write(cases, **case)

    [told] = written()
    assert told["locale"] == language
    assert told.get("text", "OK") in {"OK", WORDS["en" if language in {"en", "en-GB"} else "es"]}
    assert told["number"] == "2026-000001"


def test_a_language_that_changed_counts_for_the_next_mail_and_one_that_is_gone_no_more(cases, answered):
    case = new_case(cases)
    heard = []
    for contact_id, language in ((ANA, "en"), (ACME, "es"), (ANA, "en-GB"), (ANA, None), (ANA, None), (ACME, None)):
        speaks(cases, contact_id, language)
        heard.append(answered(case))

    assert heard == ["en", "en", "en-GB", "es", "es", None]
    assert cases.ask("get_case", case["id"]).body["locale"] is None


def test_what_is_heard_again_changes_nothing(cases, answered):
    envelopes = [speaks(cases, ANA, language) for language in ("en", None, "es")]
    cases.deliver(*envelopes)
    cases.deliver(envelopes[0])

    assert answered(new_case(cases)) == "es"


def test_a_case_of_a_contact_that_was_merged_away_is_in_the_language_of_the_one_that_is_left(cases, answered):
    before = new_case(cases, person_id=ANA2)
    speaks(cases, ANA2, "es")
    speaks(cases, ANA, "en")
    merge = {"merge_id": new_id(), "kind": ContactKind.PERSON, "survivor_id": UUID(ANA), "absorbed_ids": [UUID(ANA2)]}
    assert answered(before) == "es"

    cases.tell(ContactMerged(**merge, display_name="Ana", links=[], field_choices={}, conflicts=[]))
    after = new_case(cases, person_id=ANA2)
    assert [answered(before), answered(after)] == ["en", "en"]

    cases.tell(ContactUnmerged(**merge))
    assert [answered(before), answered(after)] == ["es", "en"]
