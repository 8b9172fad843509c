"""What contacts knows of somebody's language is how their cases write to them, through merges as well."""


def replied(world, case):
    """Answer a case, and return the mail that its customer gets."""
    world.cases.ask("reply_to_case", case["id"], data={"text": "OK"})
    world.settle()
    return world.notifications.ask("list_messages", params={"sort": "id"}).body["items"][-1]


def test_a_customer_is_written_to_in_the_language_that_contacts_knows(world, ana):
    case = world.case(ana)
    assert "Puede contestar a este correo." in replied(world, case)["text"]

    world.contacts.ask("update_person", ana["id"], data={"language": "en"}, version=1)
    world.settle()
    mail = replied(world, case)
    assert "You may answer this mail." in mail["text"]
    assert (mail["locale"], mail["person_id"]) == ("en", ana["id"])


def test_the_language_of_a_merged_customer_is_that_of_the_record_that_is_left(world, ana):
    eva = world.person(first_name="Eva", language="en")
    cases = [world.case(contact) for contact in (ana, eva)]
    world.settle()
    assert [replied(world, case)["locale"] for case in cases] == ["es", "en"]

    world.merge(ana, eva)
    world.settle()
    assert [replied(world, case)["locale"] for case in cases] == ["en", "en"]

    world.unmerge(ana)
    world.settle()
    assert [replied(world, case)["locale"] for case in cases] == ["es", "en"]
