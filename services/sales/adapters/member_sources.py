"""What sales asks of contacts about segments and lists: whether they are there, and who belongs to them."""

from typing import Any, Final
from uuid import UUID

from chassis.calls import ask
from chassis.context import Actor
from services.sales.domain.member_source import MemberSource, SourcePage

_PAGE: Final = 200
_PERSON: Final = "person"
_SECONDS: Final = 20.0  # the first page counts all members; a job has the time


def holds_people(source: MemberSource, by: Actor) -> bool:
    """Whether it is people that a segment or list holds, asked as somebody. Raises what ``ask`` raises."""
    return bool(ask(f"contacts.get_{source.kind}", str(source.id), actor=by)["kind"] == _PERSON)


def page_of(source: MemberSource, cursor: str | None, by: Actor) -> SourcePage:
    """Return the next members of those whom somebody may see. Raises what ``ask`` raises."""
    where = {"count": "true"} if cursor is None else {"cursor": cursor}
    found: dict[str, Any] = ask(
        f"contacts.list_{source.kind}_members",
        str(source.id),
        params={"limit": str(_PAGE), **where},
        actor=by,
        seconds=_SECONDS,
    )
    ids = [UUID(each["id"]) for each in found["items"]]
    return SourcePage(person_ids=ids, cursor=found["next_cursor"], total=found.get("total"))
