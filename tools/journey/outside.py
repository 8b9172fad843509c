"""Step 12: a program outside the suite has heard every event, in order, and can read them again."""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from tools.journey.outsider import heard
from tools.journey.story import Story, same

# What the story tells, and how often: no less and no more, whatever died on the way.
TOLD: Final = Counter(
    {
        "administration.api_key_created": 1,
        "contacts.contact_created": 3,
        "contacts.contact_deleted": 1,
        "contacts.employment_started": 2,
        "contacts.interaction_recorded": 1,
        "contacts.interest_registered": 1,
        "sales.campaign_activated": 1,
        "sales.lead_created": 2,
        "sales.lead_disqualified": 1,
        "sales.lead_qualified": 1,
        "sales.opportunity_created": 1,
        "sales.opportunity_stage_changed": 1,
        "sales.quote_sent": 1,
        "sales.quote_accepted": 1,
        "sales.opportunity_won": 1,
        "cases.case_type_version_activated": 1,
        "cases.sla_policy_changed": 1,
        "cases.policy_clocks_recalculated": 1,
        "cases.project_created": 1,
        "cases.case_created": 2,
        "cases.sla_started": 5,
        "cases.sla_paused": 1,
        "cases.sla_resumed": 1,
        "cases.sla_warned": 2,
        "cases.sla_breached": 2,
        "cases.case_escalated": 1,
        "cases.case_replied": 1,
        "cases.customer_wrote": 1,
        "cases.case_task_done": 1,
        "cases.case_updated": 1,
        "cases.case_state_changed": 3,
        "cases.case_resolved": 1,
        "cases.sla_met": 3,
        "cases.survey_sent": 1,
        "cases.survey_answered": 1,
        "notifications.message_queued": 2,
        "notifications.message_sent": 2,
        "notifications.message_received": 1,
    }
)
_ID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def hear_everything(story: Story) -> None:
    """Compare what the program heard with what was published, subject by subject; then have it read all again."""
    file: Path = story["heard"]
    expected: Counter[str] = TOLD + story.known.get("told beside", Counter())
    published: list[dict[str, Any]] = []

    def all_is_published() -> bool:
        published[:] = of_the_story(story, story.api.every("/v1/events", **story["since"]))
        return _counted(published) >= expected

    story.eventually(lambda: f"still to be published: {expected - _counted(published)}", all_is_published)
    same("nothing is told twice, or too much", _counted(published) - expected, Counter())
    wanted = {event["id"] for event in published}
    story.eventually("the program outside heard it all", lambda: wanted <= {each["id"] for each in heard(file)})
    mine = [event for event in heard(file) if event["id"] in wanted]
    in_order(mine)
    with story.outsider.listening(f"{story.mark}-again", again=True) as other:
        story.eventually("it reads all of it again", lambda: wanted <= {each["id"] for each in heard(other)})
        again = [event for event in heard(other) if event["id"] in wanted]
    in_order(again)
    same("both times it is the same", sorted(map(_facts, again)), sorted(map(_facts, mine)))
    subjects = {event["subject"] for event in mine}
    story["told"] = mine
    story.saw(
        f"{len(mine)} events of {len(subjects)} subjects heard in order, none missing; read again from the beginning",
        f"{len(mine)} eventos de {len(subjects)} asuntos oídos en orden, sin faltar ninguno, y releídos del principio",
    )


def in_order(events: Iterable[dict[str, Any]]) -> None:
    """Check that what each service tells of a subject comes in order, none missing. Raises ``StoryBroken``."""
    sequences: dict[tuple[str, str], list[int]] = defaultdict(list)
    for event in events:
        sequences[event["source"], event["subject"]].append(event["sequence"])
    for (_, subject), found in sequences.items():
        same(f"{subject} is told in order, without a gap", found, list(range(found[0], found[0] + len(found))))


def of_the_story(story: Story, events: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the events about records that were made in this story, or that name one; mails only to its customer."""
    made = story.api.made
    return [
        event
        for event in events
        if not made.isdisjoint(_ID.findall(f"{event['subject']} {json.dumps(event['data'])}"))
        and (not event["subject"].startswith("messages/") or event["data"]["person_id"] in made)
    ]


def _counted(events: Iterable[dict[str, Any]]) -> Counter[str]:
    return Counter(event["type"].removeprefix("crm.").rpartition(".")[0] for event in events)


def _facts(event: dict[str, Any]) -> tuple[str, str, int, str]:
    return event["id"], event["subject"], event["sequence"], event["type"]
