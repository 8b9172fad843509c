"""Steps 10 and 11: we answer by mail, the customer answers back, the case is solved, and we ask how it was."""

import re
from email.message import EmailMessage
from http import HTTPStatus
from typing import Any

from tools.journey.postbox import body_of
from tools.journey.selling import timeline
from tools.journey.story import Story, expect, same

_REPLY = "Hemos cambiado el empalme de su calle. ¿Va bien ahora?"
_THANKS = "Sí, ya va bien. ¡Gracias!"
SCORE = 5


def talk_by_mail(story: Story) -> None:
    """Our reply stops the first-response clock and reaches the customer; their answer comes back into the case."""
    api, path = story.api, f"/v1/cases/{story['case_id']}"
    reply = api.ask("POST", f"{path}/replies", {"text": _REPLY}, expect=HTTPStatus.CREATED).body
    clock = next(each for each in api.get(f"{path}/sla") if each["metric"] == "first_response")
    same("the first response is met", clock["state"], "met")
    same("met at the instant of the reply", clock["met_at"], reply["at"])

    mail = story.eventually("the reply reaches the customer by mail", lambda: _mail(story, _REPLY))
    expect(story["number"] in mail["Subject"], "the mail names the case", mail["Subject"])
    same("answering machines stay silent", mail["Auto-Submitted"], "auto-generated")
    answer = story.postbox.answer(mail, story.customer_address, _THANKS)
    story.eventually("the customer's answer is taken in", lambda: _handed_in(story, answer))
    story.eventually("their answer is in the case", lambda: len(_said(story)) > 1)
    same("the case holds what was said, each once", _said(story), [("reply", _REPLY), ("customer", _THANKS)])
    story.saw(
        f"the customer got “{mail['Subject']}” and their answer is in the case",
        f"el cliente recibió «{mail['Subject']}» y su respuesta está en el caso",
    )


def solve(story: Story) -> None:
    """The task is done, the case is solved, the customer is asked by mail, and says how satisfied they are."""
    api, path = story.api, f"/v1/cases/{story['case_id']}"
    refused = api.do(f"{path}/transition", {"transition": "resolve"}, HTTPStatus.CONFLICT)
    same("a required task keeps it open", [each["name"] for each in refused["unmet"]], ["tasks-done"])
    [task] = api.get(f"{path}/tasks")
    api.do(f"{path}/tasks/{task['id']}/done")
    solved = api.do(f"{path}/transition", {"transition": "resolve", "solution": "Empalme cambiado."})
    same("the case is resolved", solved["category"], "resolved")
    same("no clock runs any more", {each["state"] for each in solved["sla"]}, {"met"})

    survey = api.create("/v1/surveys/send", {"case_id": story["case_id"]})
    mail = story.eventually("the survey reaches the customer", lambda: _mail(story, "/surveys/"))
    token = re.search(r"/surveys/(?:answers/)?([\w-]{20,})", body_of(mail))
    expect(token is not None, "the mail holds a link", body_of(mail))
    assert token is not None
    answers = f"/v1/surveys/answers/{token[1]}"
    same("looking records nothing", api.get(answers)["score"], None)
    api.do(answers, {"score": SCORE, "comment": "Rápidos y amables"})
    same("the answer is on the survey", api.get(f"/v1/surveys/{survey['id']}")["score"], SCORE)

    page = story.eventually("the answer shows on the customer", lambda: _satisfied(story))
    timeline(story, "cases.survey_sent", "cases.survey_answered")
    # What was made for this run alone is not offered to others.
    api.change(f"/v1/case-types/{story['type_id']}", {"active": False})
    story.saw(
        f"solved; the survey was answered with {SCORE}: satisfaction of the customer {page['satisfaction_percent']} %",
        f"resuelto; encuesta contestada con un {SCORE}: satisfacción del cliente {page['satisfaction_percent']} %",
    )


def _mail(story: Story, words: str) -> EmailMessage | None:
    found = [mail for mail in story.postbox.mails_to(story.customer_address) if words in body_of(mail)]
    if not found:
        return None
    same("nobody is written to twice", len(found), 1)
    return found[0]


def _handed_in(story: Story, mail: EmailMessage) -> bool:
    try:
        story.postbox.send(mail)
    except OSError:
        return False
    return True


def _said(story: Story) -> list[tuple[str, str]]:
    entries = story.api.every(f"/v1/cases/{story['case_id']}/entries")
    return [(each["kind"], each["text"].strip()) for each in entries]


def _satisfied(story: Story) -> dict[str, Any] | None:
    block: dict[str, Any] = story.api.get(f"/v1/customers/{story['person_id']}")["satisfaction"].get("data", {})
    return block if block.get("answered") == 1 else None
