"""What the records of one person said about being reached holds for the one that is left; and their lists follow."""

from contracts.consents import ConsentState, LawfulBasis, Standing, strictest
from tests.integration.notifications.conftest import configured, mail_server
from tests.kit.service import SYSTEM

__all__ = ["configured", "mail_server"]

PROOF = {"source": "web-form", "text_version": "2030-01", "ip": "192.0.2.7"}


def say(world, person, state, **more):
    data = {"state": state, **({"proof": PROOF} if state == "opted_in" else {}), **more}
    world.contacts.ask("set_person_consent", person["id"], "email", "survey", data=data)
    world.settle()


def rules(world, *people):
    data = {"ids": [each["id"] for each in people], "channel": "email", "purpose": "survey"}
    found = world.contacts.ask("check_consents", data=data, by=SYSTEM).body
    return {each["contact_id"]: each["rule"] for each in found}


def cell(world, person):
    shown = world.contacts.ask("list_person_consents", person["id"]).body
    [found] = [each for each in shown if (each["channel"], each["purpose"]) == ("email", "survey")]
    return found


def sent(world, person):
    """Send a survey to somebody, and return by which rule it is refused."""
    mail = {"person_id": person["id"], "to": ["ana@nuevo.example"], "subject": "¿Qué tal?", "text": "Diga."}
    message = world.notifications.ask("send_message", data={**mail, "purpose": "survey"}).body
    world.notifications.work()
    return world.notifications.ask("get_message", message["id"]).body["refused_by"]


def test_the_strictest_word_counts_until_they_are_two_again(world, mail_server):
    ana, twin = world.person(), world.person()
    say(world, ana, "opted_in")
    say(world, twin, "opted_out")

    world.merge(ana, twin)
    world.settle()

    assert rules(world, ana) == {ana["id"]: "contact-opted-out"}
    assert (cell(world, ana)["state"], cell(world, ana)["rule"]) == ("opted_out", "contact-opted-out")
    history = world.contacts.ask("person_consent_history", ana["id"]).body
    assert {each["state"] for each in history} == {"opted_in", "opted_out"}
    assert (sent(world, ana), sent(world, twin)) == ("contact-opted-out", "contact-opted-out")

    world.unmerge(ana)
    world.settle()
    assert rules(world, ana, twin) == {ana["id"]: "opted-in", twin["id"]: "contact-opted-out"}
    assert (sent(world, ana), sent(world, twin)) == (None, "contact-opted-out")
    assert len(mail_server.mails) == 1


def test_what_is_said_after_the_merge_counts(world, mail_server):
    ana, twin = world.person(), world.person()
    say(world, twin, "objected")
    world.merge(ana, twin)
    world.settle()
    assert sent(world, ana) == "contact-objected"

    # Also by the old id, which leads to the one that is left.
    say(world, twin, "opted_in")

    assert rules(world, ana) == {ana["id"]: "opted-in"}
    assert sent(world, ana) is None
    assert len(mail_server.mails) == 1


def test_lists_and_campaigns_follow_and_nobody_is_in_them_twice(world):
    ana, twin, luis = world.person(), world.person(), world.person()
    both = world.contacts.ask("create_list", data={"name": "Los dos"}).body
    one = world.contacts.ask("create_list", data={"name": "Uno"}).body
    for made, people in ((both, [ana, twin, luis]), (one, [twin])):
        ids = [each["id"] for each in people]
        world.contacts.ask("add_list_members", made["id"], data={"contact_ids": ids})

    def members(made):
        shown = world.contacts.ask("list_list_members", made["id"], params={"count": "true"}).body
        assert shown["total"] == len(shown["items"])
        return {each["id"] for each in shown["items"]}

    world.merge(ana, twin)
    world.settle()

    assert (members(both), members(one)) == ({ana["id"], luis["id"]}, {ana["id"]})
    campaign = world.sales.ask("create_campaign", data={"name": "Feria", "kind": "fair"}).body
    data = {"person_ids": [ana["id"], twin["id"]]}
    assert world.sales.ask("add_campaign_members", campaign["id"], data=data).body["added"] == 1
    world.unmerge(ana)
    world.settle()
    assert (members(both), members(one)) == ({ana["id"], twin["id"], luis["id"]}, {twin["id"]})


def test_a_no_beats_a_yes_and_a_yes_beats_silence():
    yes, no, never = (
        Standing(state=each) for each in (ConsentState.OPTED_IN, ConsentState.OPTED_OUT, ConsentState.OBJECTED)
    )
    interested = Standing(basis=LawfulBasis.LEGITIMATE_INTEREST)
    assert strictest([yes, no, never]) == never
    assert strictest([yes, no]) == no
    assert strictest([Standing(), yes, interested]) == yes
    assert strictest([Standing(), interested]) == interested
    assert strictest([]) == Standing()
