"""Everything that is done to the members of a campaign: named one by one, or taken from a segment or a list.

Members of a segment or list are fetched from contacts by a background job, page by page, in the name of whoever asked:
only people whom they may see become members. Where contacts is away the job waits, and goes on where it was.

Whom marketing consents refuse for the campaign's channel is excluded: checked when they become members, when the
campaign's kind changes or it begins, and when somebody says otherwise. What is sent is checked again when it goes.
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from chassis import aliases
from chassis.calls import RemoteRefusal, is_away
from chassis.client import RemoteFailure
from chassis.clock import utc_now
from chassis.context import Actor
from chassis.errors import DomainError, ValidationFailed
from chassis.jobs import JobPostponed, JobRun
from chassis.rpc import Opening
from chassis.unit_of_work import UnitOfWork
from contracts.consents import ConsentChannel, Purpose
from contracts.contacts import ConsentChanged
from services.sales.adapters import consents, member_sources
from services.sales.domain.campaign import Campaign, CampaignMember, MemberState
from services.sales.domain.member_source import MemberSource, SourcePage
from services.sales.errors import MembersAreRefused, NameTheMembers
from services.sales.queries import campaigns

ADD_MEMBERS: Final = "add-campaign-members"
CHECK_MEMBERS: Final = "check-campaign-members"
_PERMISSION: Final = "campaigns:write"
_WAIT: Final = timedelta(seconds=5)
_NOT_FOUND: Final = 404
_BATCH: Final = 500
_NOBODY: Final = {"added": 0, "already_members": 0, "excluded": 0}
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

    The answer tells the background job that adds those of a segment or list, or that looks whom consents refuse.
    """
    campaign, job_id = _open(uow, campaign_id), None
    counts = _enlist(uow, campaign, person_ids)
    if source is not None:
        data = {"campaign_id": str(campaign.id), "kind": source.kind, "id": str(source.id)}
        job_id = uow.start_job(ADD_MEMBERS, data)
    elif counts["added"] and campaign.channel:
        job_id = start_check(uow, campaign, person_ids)
    return {**counts, "job_id": job_id}


def start_check(uow: UnitOfWork, campaign: Campaign, person_ids: Collection[UUID] | None = None) -> UUID:
    """Have a background job look whom consents refuse, of these members or of all; return its id."""
    some = None if person_ids is None else [str(each) for each in sorted(person_ids)]
    return uow.start_job(CHECK_MEMBERS, {"campaign_id": str(campaign.id), "person_ids": some})


def mind_consent(uow: UnitOfWork, event: ConsentChanged) -> None:
    """Somebody said otherwise about marketing: the campaigns that did not reach them yet look again."""
    if event.contact_id is None or event.purpose is not Purpose.MARKETING:
        return
    for campaign in campaigns.waiting_for(uow, event.contact_id):
        if campaign.channel is event.channel:
            start_check(uow, campaign, [event.contact_id])


def check_members(run: JobRun) -> dict[str, Any]:
    """Do the job that excludes members whom consents refuse, and lists those again whom they refuse no longer."""
    campaign_id, given = UUID(run.data["campaign_id"]), run.data["person_ids"]
    some = None if given is None else {UUID(each) for each in given}
    done = run.saved or {"after": None, "seen": 0, "excluded": 0}
    while True:
        with run.reading() as uow:
            campaign = uow.get(Campaign, campaign_id, deleted=True)
            channel = campaign.channel
            after = done["after"] and UUID(done["after"])
            person_ids = campaigns.unreached(uow, campaign_id, some, after, _BATCH)
        if not person_ids:
            return {"excluded": done["excluded"]}
        asked_at = utc_now()
        rules = _refused(person_ids, channel)
        with run.transaction() as uow:
            if uow.get(Campaign, campaign_id, deleted=True).channel is not channel:
                continue  # the kind was changed meanwhile; what contacts said is about another channel
            members = campaigns.members_to_mind(uow, campaign_id, rules)
            for member in members:
                member.mind(rules[member.person_id], asked_at)
            excluded = sum(member.state is MemberState.EXCLUDED for member in members)
            done = {
                "after": str(person_ids[-1]),
                "seen": done["seen"] + len(person_ids),
                "excluded": done["excluded"] + excluded,
            }
            run.checkpoint(done)
        run.progress(done["seen"])


def add_from_source(run: JobRun) -> dict[str, Any]:
    """Do the job that makes the members of a segment or list members of a campaign, each once."""
    source = MemberSource(kind=run.data["kind"], id=UUID(run.data["id"]))
    campaign_id = UUID(run.data["campaign_id"])
    done = run.saved or {"cursor": None, "seen": 0, "total": None, "over": False, **_NOBODY}
    while not done["over"]:
        with run.reading(_PERMISSION) as uow:
            channel = uow.get(Campaign, campaign_id).channel
        asked_at = utc_now()
        page = _next_page(source, done["cursor"], run.call.actor)
        rules = _refused(page.person_ids, channel)
        with run.transaction(_PERMISSION) as uow:
            campaign = _open(uow, campaign_id)
            if campaign.channel is not channel:
                continue  # the kind was changed meanwhile
            counts = _enlist(uow, campaign, page.person_ids, rules, asked_at)
            done = {
                "cursor": page.cursor,
                "seen": done["seen"] + len(page.person_ids),
                "total": done["total"] if page.total is None else page.total,
                "over": page.cursor is None,
                **{name: done[name] + counts[name] for name in _NOBODY},
            }
            run.checkpoint(done)
        # Members come while others are fetched; what was counted first is no bound.
        run.progress(done["seen"], max(done["total"] or 0, done["seen"]))
    return {name: done[name] for name in _NOBODY}


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


def _enlist(
    uow: UnitOfWork,
    campaign: Campaign,
    person_ids: Collection[UUID],
    rules: Mapping[UUID, str | None] = MappingProxyType({}),
    asked_at: datetime | None = None,
) -> dict[str, int]:
    renamed, excluded = aliases.canonical_of(uow.session, uow.metadata, person_ids), 0
    wanted = {renamed.get(person_id, person_id) for person_id in person_ids}
    new = wanted - campaigns.already_members(uow, campaign.id, wanted)
    for person_id in sorted(new):
        member = CampaignMember(campaign_id=campaign.id, person_id=person_id)
        if asked_at is not None:
            member.mind(rules.get(person_id), asked_at)
        excluded += member.state is MemberState.EXCLUDED
        uow.add(member)
    return {"added": len(new), "already_members": len(wanted) - len(new), "excluded": excluded}


def _next_page(source: MemberSource, cursor: str | None, by: Actor) -> SourcePage:
    with _patience():
        return member_sources.page_of(source, cursor, by)


def _refused(person_ids: Collection[UUID], channel: ConsentChannel | None) -> Mapping[UUID, str | None]:
    """Return the rule that refuses each person, or ``None``; where no channel is used nobody is refused."""
    if channel is None:
        return dict.fromkeys(person_ids)
    with _patience():
        return consents.refused(person_ids, channel)


@contextmanager
def _patience() -> Iterator[None]:
    """Have the job wait where contacts is away, and end with a sentence where it refuses."""
    try:
        yield
    except RemoteFailure:
        raise  # something is broken there: the runner tries again a few times, not for ever
    except (RemoteRefusal, DomainError) as failure:
        if is_away(failure):
            raise JobPostponed(_WAIT) from failure
        if isinstance(failure, RemoteRefusal):
            raise MembersAreRefused(detail=failure.detail) from failure
        raise
