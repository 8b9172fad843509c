"""What contacts say about being reached is kept with its proof, and decides who may be reached."""

from datetime import timedelta

import pytest

from chassis.clock import utc_now
from chassis.context import Actor
from chassis.ids import new_id
from contracts.consents import ConsentChannel, Purpose, address_key
from contracts.notifications import RecipientUnsubscribed
from tests.factories import contacts as make
from tests.kit.service import somebody

PROOF = {"source": "web-form", "text_version": "2030-01", "ip": "192.0.2.7"}
SUITE = Actor(kind="service", name="sales")


def say(contacts, person, state, *, channel="email", purpose="marketing", **more):
    data = {"state": state, **more}
    return contacts.ask("set_person_consent", person["id"], channel, purpose, data=data).body


def yes(contacts, person, **more):
    return say(contacts, person, "opted_in", proof=PROOF, **more)


def cells(contacts, person):
    shown = contacts.ask("list_person_consents", person["id"]).body
    return {(each["channel"], each["purpose"]): each for each in shown}


def reachable(contacts, *people, channel="email", purpose="marketing", kind="person"):
    data = {"ids": [each["id"] for each in people], "channel": channel, "purpose": purpose, "kind": kind}
    answer = contacts.ask("check_consents", data=data, by=SUITE).body
    return {each["contact_id"]: (each["allowed"], each["rule"]) for each in answer}


def unsubscribed(contacts, address, person=None, **overrides):
    event = {
        "address_key": address_key(ConsentChannel.EMAIL, address),
        "channel": ConsentChannel.EMAIL,
        "purpose": Purpose.MARKETING,
        "message_id": new_id(),
        "person_id": person and person["id"],
        "unsubscribed_at": utc_now(),
        **overrides,
    }
    contacts.tell(RecipientUnsubscribed.decode({name: str(value) if value else None for name, value in event.items()}))


def changes(contacts):
    return [event for event in contacts.told() if event.type == "crm.contacts.consent_changed.v1"]


def test_the_matrix_of_somebody_who_said_nothing_has_every_channel_and_purpose(contacts, ana):
    shown = cells(contacts, ana)

    assert len(shown) == len(ConsentChannel) * len(Purpose)
    assert shown["email", "marketing"] == {
        "channel": "email",
        "purpose": "marketing",
        "state": "unknown",
        "basis": None,
        "proof": None,
        "changed_at": None,
        "changed_by": None,
        "allowed": False,
        "rule": "no-consent",
        "addresses": [],
    }
    assert {each["allowed"] for (_, purpose), each in shown.items() if purpose != "marketing"} == {True}


def test_a_yes_is_kept_with_its_proof_told_and_said_once(contacts, ana, noon):
    cell = yes(contacts, ana, basis="consent")
    noon.advance(timedelta(minutes=1))
    yes(contacts, ana, basis="consent")

    assert (cell["state"], cell["allowed"], cell["rule"]) == ("opted_in", True, "opted-in")
    assert cell["proof"] == {**PROOF, "recording": None, "obtained_at": "2030-01-15T12:00:00Z"}
    assert (cell["changed_at"], cell["changed_by"]) == ("2030-01-15T12:00:00Z", "Ana")
    [told] = changes(contacts)
    assert [str(each) for each in told.concerns] == [ana["id"]]
    assert (told.data["state"], told.data["address_key"]) == ("opted_in", None)
    contacts.hear_itself()
    [line] = contacts.ask("list_person_timeline", ana["id"], params={"resource": "consents"}).body["items"]
    assert line["data"]["purpose"] == "marketing"


@pytest.mark.parametrize(
    ("proof", "missing"),
    [
        (None, "proof.text_version · proof.source · proof.ip, proof.recording"),
        ({"source": "phone"}, "proof.text_version · proof.ip, proof.recording"),
        ({"source": "phone", "text_version": "1"}, "proof.ip, proof.recording"),
    ],
)
def test_a_yes_without_proof_is_refused_and_says_what_is_missing(contacts, ana, proof, missing):
    data = {"state": "opted_in", "proof": proof}

    refusal = contacts.refused("set_person_consent", ana["id"], "email", "marketing", data=data)

    assert (refusal.status, refusal.slug, refusal.params["missing"]) == (422, "proof-is-missing", missing)
    assert cells(contacts, ana)["email", "marketing"]["state"] == "unknown"


@pytest.mark.parametrize("wrong", [{"ip": "300.1.1.1"}, {"obtained_at": "2031-01-01T00:00:00Z"}])
def test_a_proof_that_cannot_be_is_refused(contacts, ana, noon, wrong):
    data = {"state": "opted_in", "proof": PROOF | wrong}

    refusal = contacts.refused("set_person_consent", ana["id"], "email", "marketing", data=data)

    assert (refusal.slug, refusal.params["field"]) == ("proof-does-not-fit", next(iter(wrong)))


def test_a_no_needs_no_proof_and_holds_for_its_channel_and_purpose_alone(contacts, ana):
    say(contacts, ana, "opted_out", channel="phone", note="No more calls, please.")

    shown = cells(contacts, ana)

    assert (shown["phone", "marketing"]["allowed"], shown["phone", "marketing"]["rule"]) == (False, "contact-opted-out")
    assert shown["phone", "service"]["allowed"]
    assert shown["email", "marketing"]["rule"] == "no-consent"


def test_a_legitimate_interest_on_record_allows_marketing_until_somebody_objects(contacts, ana):
    assert say(contacts, ana, "unknown", basis="legitimate_interest")["rule"] == "legitimate-interest"
    assert say(contacts, ana, "objected")["rule"] == "contact-objected"
    assert reachable(contacts, ana) == {ana["id"]: (False, "contact-objected")}


def test_a_no_on_the_address_beats_the_yes_of_whoever_has_it(contacts, ana):
    address = ana["emails"][0]["address"]
    yes(contacts, ana)

    cell = say(contacts, ana, "opted_out", address=address.upper())

    assert (cell["state"], cell["allowed"], cell["rule"]) == ("opted_in", False, "address-opted-out")
    assert [(each["address"], each["state"]) for each in cell["addresses"]] == [(address, "opted_out")]
    twin = make.person_data(emails=[{"address": address}], allow_duplicate=True)
    eva = contacts.ask("create_person", data=twin).body
    yes(contacts, eva)
    assert reachable(contacts, ana, eva) == {each["id"]: (False, "address-opted-out") for each in (ana, eva)}
    told = changes(contacts)[1]
    assert told.data["address_key"] == address_key(ConsentChannel.EMAIL, address)
    assert address not in str(told.data)


def test_the_address_that_is_used_decides(contacts, ana):
    emails = [{"address": "old@acme.example", "primary": True}, {"address": "new@acme.example"}]
    changed = contacts.ask("update_person", ana["id"], data={"emails": emails}, version=ana["version"]).body
    yes(contacts, ana)
    say(contacts, ana, "opted_out", address="old@acme.example")
    assert reachable(contacts, ana) == {ana["id"]: (False, "address-opted-out")}

    emails[0]["valid"], emails[0]["primary"] = False, False
    contacts.ask("update_person", ana["id"], data={"emails": emails}, version=changed["version"])
    assert reachable(contacts, ana) == {ana["id"]: (True, "opted-in")}


def test_a_consent_is_of_an_address_that_the_contact_has(contacts, ana):
    for channel, address in (("email", "luis@acme.example"), ("post", "Calle Mayor 1"), ("phone", "ana@acme.example")):
        data = {"state": "opted_out", "address": address}
        refusal = contacts.refused("set_person_consent", ana["id"], channel, "marketing", data=data)
        assert [error["pointer"] for error in refusal.params["errors"]] == ["/address"]
    for channel, purpose in (("fax", "marketing"), ("email", "spam")):
        assert (
            contacts.refused("set_person_consent", ana["id"], channel, purpose, data={"state": "unknown"}).status == 404
        )


def test_a_number_that_is_opted_out_of_calls_may_still_get_an_sms(contacts, ana):
    number = ana["phones"][0]["number"]
    say(contacts, ana, "opted_out", channel="phone", purpose="service", address=number)

    shown = cells(contacts, ana)

    assert not shown["phone", "service"]["allowed"]
    assert shown["sms", "service"]["allowed"]


def test_everything_that_was_said_is_kept_with_who_recorded_it(contacts, ana, noon):
    yes(contacts, ana)
    noon.advance(timedelta(days=1))
    say(contacts, ana, "opted_out", address=ana["emails"][0]["address"], note="By mail.")
    noon.advance(timedelta(days=1))
    say(contacts, ana, "objected")

    history = contacts.ask("person_consent_history", ana["id"]).body

    assert [(each["state"], each["address"]) for each in history] == [
        ("objected", None),
        ("opted_out", ana["emails"][0]["address"]),
        ("opted_in", None),
    ]
    assert history[2]["proof"]["text_version"] == "2030-01"
    assert (history[1]["note"], history[1]["by_id"]) == ("By mail.", str(contacts.actor.user_id))
    assert (history[0]["at"], history[0]["by_name"]) == ("2030-01-17T12:00:00Z", "Ana")


def test_who_may_not_see_a_contact_neither_sees_nor_changes_its_consents(contacts, ana):
    marta = somebody("Marta", people_read="own", consents_read="all", consents_write="all")
    for operation in ("list_person_consents", "person_consent_history"):
        assert contacts.refused(operation, ana["id"], by=marta).status == 404
    data = {"state": "opted_out"}
    assert contacts.refused("set_person_consent", ana["id"], "email", "marketing", data=data, by=marta).status == 404
    blind = somebody("Luz", people_read="all")
    assert contacts.refused("list_person_consents", ana["id"], by=blind).slug == "permission-denied"
    assert contacts.refused("check_consents", data={"ids": [], "channel": "email", "purpose": "survey"}).status == 403


def test_companies_have_consents_too(contacts, acme):
    data = {"state": "opted_out"}
    contacts.ask("set_company_consent", acme["id"], "post", "marketing", data=data)

    assert reachable(contacts, acme, channel="post", kind="company") == {acme["id"]: (False, "contact-opted-out")}
    assert contacts.ask("company_consent_history", acme["id"]).body[0]["state"] == "opted_out"
    assert len(contacts.ask("list_company_consents", acme["id"]).body) == len(ConsentChannel) * len(Purpose)


def test_who_follows_the_link_in_a_message_is_opted_out_by_address(contacts, ana):
    address = ana["emails"][0]["address"]
    yes(contacts, ana)

    unsubscribed(contacts, address, ana)
    unsubscribed(contacts, address, ana)

    cell = cells(contacts, ana)["email", "marketing"]
    assert (cell["state"], cell["rule"]) == ("opted_in", "address-opted-out")
    proof = cell["addresses"][0]["proof"]
    assert proof["source"] == "unsubscribe-link"
    assert proof["recording"].startswith("messages/")
    assert [str(each) for each in changes(contacts)[-1].concerns] == [ana["id"]]


def test_a_link_opts_out_an_address_that_nobody_has_yet_and_an_objection_stays(contacts):
    unsubscribed(contacts, "eva@acme.example", {"id": new_id()})

    eva = contacts.ask("create_person", data=make.person_data(emails=[{"address": "eva@acme.example"}])).body
    assert reachable(contacts, eva) == {eva["id"]: (False, "address-opted-out")}
    say(contacts, eva, "objected", address="eva@acme.example")
    unsubscribed(contacts, "eva@acme.example", eva)
    assert reachable(contacts, eva) == {eva["id"]: (False, "address-objected")}


def test_what_was_said_last_counts_also_where_it_is_heard_of_first(contacts, ana, noon):
    address, before = ana["emails"][0]["address"], utc_now()
    noon.advance(timedelta(hours=2))
    say(contacts, ana, "opted_in", proof=PROOF, address=address)

    unsubscribed(contacts, address, ana, unsubscribed_at=before)

    assert reachable(contacts, ana) == {ana["id"]: (True, "opted-in")}
    history = contacts.ask("person_consent_history", ana["id"]).body
    assert [each["state"] for each in history] == ["opted_in", "opted_out"]


def test_somebody_in_the_bin_is_not_reached(contacts, ana, luis):
    contacts.ask("delete_person", luis["id"])
    assert set(reachable(contacts, ana, luis, purpose="service")) == {ana["id"]}


def test_the_number_of_changes_told_is_known_to_who_listens(contacts, ana, luis):
    assert contacts.ask("count_told_consents", by=SUITE).body == {"told": 0}
    yes(contacts, ana)
    say(contacts, ana, "opted_out")
    say(contacts, luis, "opted_out", purpose="survey")

    assert contacts.ask("count_told_consents", by=SUITE).body == {"told": 3}
    assert len(changes(contacts)) == 3
