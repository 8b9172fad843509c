"""What cases does when other services tell: mails, sales, custom fields, users who left."""

from collections.abc import Iterable
from typing import TypeVar
from uuid import UUID

import sqlalchemy as sa

from chassis import custom_field_projection, parameters
from chassis.envelope import Envelope
from chassis.reactions import on
from chassis.unit_of_work import UnitOfWork
from contracts.administration import (
    CustomFieldChanged,
    CustomFieldDefined,
    CustomFieldRetired,
    ParameterChanged,
    UserDeactivated,
)
from contracts.contacts import Channel
from contracts.notifications import MessageReceived
from contracts.sales import OpportunityLost, OpportunityWon
from services.cases.commands import after_sale, entries
from services.cases.domain.case import Case
from services.cases.domain.entry import Attachment
from services.cases.domain.project import Project
from services.cases.domain.task import CaseTask, ProjectTask, Task, TaskState
from services.cases.queries import cases

T = TypeVar("T", CaseTask, ProjectTask)


@on(MessageReceived)
def file_mail(uow: UnitOfWork, event: MessageReceived) -> None:
    """A mail that belongs to a case is filed there; what no person wrote starts and reopens nothing."""
    case = event.case_id and uow.session.get(Case, event.case_id)
    # A mail to a case that was merged belongs to the one that took it up.
    case = case and cases.in_reach(uow, case)
    reference = f"mail:{event.mail_message_id or event.item_id}"[:255]
    if not case or cases.entry_of_reference(uow, reference) is not None:
        return
    entries.hear(
        uow,
        case,
        text=event.text,
        quoted=event.quoted or None,
        channel=Channel.EMAIL,
        sender=event.sender,
        author_name=event.sender_name,
        copies=event.cc,
        automatic=event.automatic,
        reference=reference,
        attachments=[
            Attachment(name=file.filename, key=file.key, size=file.size, media_type=file.media_type)
            for file in event.files
        ],
    )


@on(OpportunityWon)
def serve_customer(uow: UnitOfWork, event: OpportunityWon, envelope: Envelope) -> None:
    """A sale was made: its service becomes a project, and somebody asks the customer how it goes."""
    after_sale.won(uow, event, owner_id=envelope.owner, group_id=envelope.group)


@on(OpportunityLost)
def serve_nobody(uow: UnitOfWork, event: OpportunityLost) -> None:
    """A sale that had been made came to nothing: what nobody has begun with is cancelled."""
    after_sale.lost(uow, event.opportunity_id)


@on(ParameterChanged)
def take_parameter(uow: UnitOfWork, event: ParameterChanged) -> None:
    """Mails may reopen cases more or less often from now on."""
    parameters.keep(uow, event)


@on(CustomFieldDefined)
def take_custom_field(uow: UnitOfWork, event: CustomFieldDefined) -> None:
    """Cases and projects have a field more, or one that was retired before."""
    custom_field_projection.keep(uow, event)


@on(CustomFieldChanged)
def change_custom_field(uow: UnitOfWork, event: CustomFieldChanged) -> None:
    """A field of cases or projects has other options, labels or obligations."""
    custom_field_projection.keep(uow, event)


@on(CustomFieldRetired)
def retire_custom_field(uow: UnitOfWork, event: CustomFieldRetired) -> None:
    """A field is offered no longer; what was filled in stays."""
    custom_field_projection.drop(uow, event)


@on(UserDeactivated)
def hand_over(uow: UnitOfWork, event: UserDeactivated) -> None:
    """The open work of somebody who left is passed on to whoever was named; without anybody it stays."""
    if event.handover_to is None:
        return
    mine = sa.or_(Case.owner_id == event.user_id, Case.resolver_id == event.user_id)
    for case in uow.session.scalars(sa.select(Case).where(mine, Case.closed_at.is_(None))):
        case.assign(
            responsible_id=event.handover_to if case.owner_id == event.user_id else case.owner_id,
            resolver_id=event.handover_to if case.resolver_id == event.user_id else case.resolver_id,
            group_id=case.group_id,
            because="handover",
        )
    theirs = sa.select(Project).where(Project.owner_id == event.user_id, Project.ended_at.is_(None))
    for project in uow.session.scalars(theirs):
        project.assign(event.handover_to, "handover")
    undone: list[Task] = [*_undone(uow, CaseTask, event.user_id), *_undone(uow, ProjectTask, event.user_id)]
    for task in undone:
        task.assignee_id = event.handover_to


def _undone(uow: UnitOfWork, kind: type[T], user_id: UUID) -> Iterable[T]:
    return uow.session.scalars(sa.select(kind).where(kind.assignee_id == user_id, kind.state == TaskState.OPEN))
