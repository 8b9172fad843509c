"""The customer's record is merged into another one in the middle of the story: everything follows the survivor."""

from collections import Counter

import pytest

from tools.journey.selling import timeline
from tools.journey.steps import STEPS, play

pytestmark = [pytest.mark.slow, pytest.mark.broker, pytest.mark.timeout(900)]

# The case is open, its clocks run, and no mail has gone out yet.
MERGED_BEFORE = 9
TOLD_BESIDE = Counter(
    {
        "contacts.contact_created": 1,
        "contacts.contact_merged": 1,
        "sales.contact_merge_followed": 1,
        "cases.contact_merge_followed": 1,
        "notifications.contact_merge_followed": 1,
    }
)


def merge(story):
    """Make the story's customer one with a record that somebody else made, which is the one to be left."""
    body = {"first_name": "Lucía", "last_name": f"Prueba {story.mark}", "allow_duplicate": True}
    survivor = story.api.create("/v1/people", body)
    story["survivor_id"], story["told beside"] = survivor["id"], TOLD_BESIDE
    merged = story.api.do(f"/v1/people/{survivor['id']}/merge", {"absorbed_ids": [story["person_id"]]})
    # What others tell about the merge names no record but it.
    story.api.made.add(merged["id"])


@pytest.mark.parametrize("world", ["sqlite"], indirect=True)
def test_everything_follows_the_customer_who_was_merged_in_the_middle(world):
    story, told = world.story(), []

    def before(number, _step):
        if number == MERGED_BEFORE:
            merge(story)

    play(story, before=before, after=lambda number, _step, _seen: told.append(number))

    api, survivor = story.api, story["survivor_id"]
    assert told == list(range(1, len(STEPS) + 1))
    assert api.get(f"/v1/people/{story['person_id']}")["canonical_id"] == survivor
    for path in (f"leads/{story['lead_id']}", f"opportunities/{story['opportunity_id']}", f"cases/{story['case_id']}"):
        assert api.get(f"/v1/{path}")["person_id"] == survivor, path
    for path in ("projects", "surveys", "quotes", "interactions"):
        [found] = api.every(f"/v1/{path}", person_id=survivor)
        assert found["person_id"] == survivor
    [member] = api.every(f"/v1/campaigns/{story['campaign_id']}/members")
    assert member["person_id"] == survivor
    mailed = [event for event in story["told"] if event["type"] == "crm.notifications.message_sent.v1"]
    assert [event["data"]["person_id"] for event in mailed] == [survivor, survivor]
    page = whole_page(story, survivor)
    assert page["satisfaction"]["data"]["answered"] == 1
    assert page["card"]["data"]["emails"][0]["address"] == story.customer_address
    assert timeline(story, "sales.opportunity_won", "cases.survey_answered")
    story.eventually("both ids show one timeline", lambda: lines_of(api, story["person_id"]) == lines_of(api, survivor))


def whole_page(story, person_id):
    """Return the customer's page once every service has answered in the time that the page gives it."""
    blocks = ("satisfaction", "card")

    def whole():
        page = story.api.get(f"/v1/customers/{person_id}")
        return page if all("data" in page[each] for each in blocks) else None

    return story.eventually("the customer's page is whole", whole)


def lines_of(api, person_id):
    return api.every(f"/v1/people/{person_id}/timeline")
