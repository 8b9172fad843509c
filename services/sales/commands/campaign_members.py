"""Everything that is done to the members of a campaign: named one by one, or taken from a segment or a list.

Members of a segment or list are fetched from contacts by a background job, page by page, in the name of whoever asked:
only people whom they may see become members. Where contacts is away the job waits, and goes on where it was.
"""

from collections.abc import Collection
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from chassis.calls import RemoteRefusal, is_away
from chassis.client import RemoteFailure
from chassis.clock import utc_now
from chassis.errors import DomainError, ValidationFailed
from chassis.jobs import JobPostponed, JobRun
from chassis.rpc import Opening
from chassis.unit_of_work import UnitOfWork
from services.sales.adapters import member_sources
from services.sales.domain.campaign import Campaign, CampaignMember
from services.sales.domain.member_source import MemberSource, SourcePage
from services.sales.errors import MembersAreRefused, NameTheMembers
from services.sales.queries import campaigns

ADD_MEMBERS: Final = "add-campaign-members"
_PERMISSION: Final = "campaigns:write"
_WAIT: Final = timedelta(seconds=5)
_NOT_FOUND: Final = 404
_NO_SOURCE: Final = (
    "There is no such {kind} of people that you may see.",
    "No hay ningún conjunto de personas así («{kind}») que usted pueda ver.",
)


def find_source(opens: Opening, _campaign_id: UUID, data: dict[str, Any]) -> MemberSource | None:
    """Return the segment or list that is named, if contacts has it; where contacts is away the job will find out.

    Raises ``NameTheMembers``, ``ValidationFailed`` for a source that does not hold people or is out of the caller's
    reach, and what contacts refuses.
    """
    if len(data) != 1:
        raise NameTheMembers
    source = MemberSource.named(data.get("segment_id"), data.get("list_id"))
    if source is None:
        return None
    try:
        right = member_sources.holds_people(source, opens.call.actor)
    except (RemoteRefusal, DomainError) as failure:
        if is_away(failure):
            return source
        if not isinstance(failure, RemoteRefusal) or failure.status != _NOT_FOUND:
            raise
        right = False
    if not right:
        detail = _NO_SOURCE[opens.call.locale == "es"].format(kind=source.kind)
        raise ValidationFailed([{"pointer": f"/{source.kind}_id", "detail": detail}])
    return source


def add_members(
    uow: UnitOfWork, campaign_id: UUID, source: MemberSource | None, person_ids: Collection[UUID]
) -> dict[str, Any]:
    """Have people be members of a campaign; who is one already stays as they are. Raises ``CampaignIsClosed``.

    Those of a segment or list follow in a background job, whose id the answer tells.
    """
    campaign, job_id = _open(uow, campaign_id), None
    if source is not None:
        data = {"campaign_id": str(campaign.id), "kind": source.kind, "id": str(source.id)}
        job_id = uow.start_job(ADD_MEMBERS, data)
    return {**_enlist(uow, campaign, person_ids), "job_id": job_id}


def add_from_source(run: JobRun) -> dict[str, Any]:
    """Do the job that makes the members of a segment or list members of a campaign, each once."""
    source = MemberSource(kind=run.data["kind"], id=UUID(run.data["id"]))
    campaign_id = UUID(run.data["campaign_id"])
    done = run.saved or {"cursor": None, "seen": 0, "total": None, "added": 0, "already_members": 0, "over": False}
    while not done["over"]:
        page = _next_page(run, source, done["cursor"])
        with run.transaction(_PERMISSION) as uow:
            counts = _enlist(uow, _open(uow, campaign_id), page.person_ids)
            done = {
                "cursor": page.cursor,
                "seen": done["seen"] + len(page.person_ids),
                "total": done["total"] if page.total is None else page.total,
                "added": done["added"] + counts["added"],
                "already_members": done["already_members"] + counts["already_members"],
                "over": page.cursor is None,
            }
            run.checkpoint(done)
        # Members come while others are fetched; what was counted first is no bound.
        run.progress(done["seen"], max(done["total"] or 0, done["seen"]))
    return {"added": done["added"], "already_members": done["already_members"]}


def remove_member(uow: UnitOfWork, campaign_id: UUID, person_id: UUID) -> None:
    """Take somebody out of a campaign. Raises ``NotFound``, ``CampaignIsClosed``."""
    member = campaigns.member(uow, campaign_id, person_id)
    uow.get(Campaign, campaign_id).demand_not_closed()
    uow.remove(member)


def reach_member(uow: UnitOfWork, campaign_id: UUID, person_id: UUID) -> CampaignMember:
    """Note that a campaign reached a member. Raises ``NotFound``."""
    member = campaigns.member(uow, campaign_id, person_id)
    member.reach(utc_now())
    return member


def member_responded(
    uow: UnitOfWork, campaign_id: UUID, person_id: UUID, *, response: str | None = None
) -> CampaignMember:
    """Note that a member responded. Raises ``NotFound``."""
    member = campaigns.member(uow, campaign_id, person_id)
    member.respond(utc_now(), response)
    return member


def _open(uow: UnitOfWork, campaign_id: UUID) -> Campaign:
    """Return a campaign that takes members, which nobody else adds to meanwhile."""
    campaign = uow.get(Campaign, campaign_id, lock=True)
    campaign.demand_not_closed()
    return campaign


def _enlist(uow: UnitOfWork, campaign: Campaign, person_ids: Collection[UUID]) -> dict[str, int]:
    wanted = set(person_ids)
    new = wanted - campaigns.already_members(uow, campaign.id, wanted)
    for person_id in sorted(new):
        uow.add(CampaignMember(campaign_id=campaign.id, person_id=person_id))
    return {"added": len(new), "already_members": len(wanted) - len(new)}


def _next_page(run: JobRun, source: MemberSource, cursor: str | None) -> SourcePage:
    try:
        return member_sources.page_of(source, cursor, run.call.actor)
    except RemoteFailure:
        raise  # something is broken there: the runner tries again a few times, not for ever
    except (RemoteRefusal, DomainError) as failure:
        if is_away(failure):
            raise JobPostponed(_WAIT) from failure
        if isinstance(failure, RemoteRefusal):
            raise MembersAreRefused(detail=failure.detail) from failure
        raise
