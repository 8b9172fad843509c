"""What came in, and which threads it points to."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from chassis.db.counting import count_of
from chassis.db.filters import filters_for
from chassis.db.paging import Page, PageRequest
from chassis.errors import NotFound
from chassis.unit_of_work import UnitOfWork
from services.notifications.domain.inbox_item import InboxItem, InboxState
from services.notifications.domain.mail_thread import MailThread
from services.notifications.domain.message import Message
from services.notifications.domain.parsed_mail import MailKind

INBOX_FILTERS = filters_for(InboxItem, exclude=("to", "cc", "attachments"), default_sort=("-received_at",))
_MOST_MERGES: Final = 20
_MOST_ALIKE: Final = 50


def items(uow: UnitOfWork, page: PageRequest) -> Page[InboxItem]:
    """Return a page of the mails that came in, the latest first."""
    return page.apply(sa.select(InboxItem).where(_visible(uow)), uow.session)


def item(uow: UnitOfWork, item_id: UUID) -> InboxItem:
    """Return a mail that came in. Raises ``NotFound``."""
    found = uow.session.scalar(sa.select(InboxItem).where(InboxItem.id == item_id, _visible(uow)))
    if found is None:
        raise NotFound(resource="inbox", id=str(item_id))
    return found


def _visible(uow: UnitOfWork) -> sa.ColumnElement[bool]:
    """The tray is everybody's who may read it; what is filed is read where it is filed, or by who reads all."""
    return sa.true() if uow.actor.scope("inbox:read") == "all" else InboxItem.state != InboxState.FILED


def item_with_key(uow: UnitOfWork, key: str) -> InboxItem | None:
    """Return the mail that came in under this Message-ID, or with this content where it had none."""
    return uow.session.scalar(sa.select(InboxItem).where(InboxItem.key == key))


def mails_from(uow: UnitOfWork, sender: str, since: datetime) -> int:
    """Return how many mails came from an address since an instant that do not say that a program wrote them."""
    mine = (InboxItem.sender == sender.lower(), InboxItem.received_at > since, InboxItem.kind == MailKind.MAIL)
    return uow.session.scalar(count_of(InboxItem, *mine)) or 0


def answered(uow: UnitOfWork, message_ids: Sequence[str]) -> Sequence[Message]:
    """Return the messages of ours that these Message-IDs name, in their order."""
    if not message_ids:
        return []
    found = uow.session.scalars(sa.select(Message).where(Message.message_id.in_(message_ids))).all()
    by_id = {each.message_id: each for each in found}
    return [by_id[each] for each in message_ids if each in by_id]


def threads_numbered(uow: UnitOfWork, numbers: Sequence[str]) -> list[MailThread]:
    """Return the threads of these numbers, in their order."""
    if not numbers:
        return []
    found = uow.session.scalars(sa.select(MailThread).where(MailThread.number.in_(numbers))).all()
    by_number = {each.number: each for each in found}
    return [by_number[each] for each in numbers if each in by_number]


def threads_addressed(uow: UnitOfWork, tokens: Sequence[str]) -> list[MailThread]:
    """Return the threads with these secret addresses."""
    if not tokens:
        return []
    return list(uow.session.scalars(sa.select(MailThread).where(MailThread.token.in_(tokens))))


def threads_by_id(uow: UnitOfWork, ids: Sequence[UUID]) -> list[MailThread]:
    """Return threads, in the order of their ids."""
    if not ids:
        return []
    found = {each.id: each for each in uow.session.scalars(sa.select(MailThread).where(MailThread.id.in_(ids)))}
    return [found[each] for each in ids if each in found]


def threads_of_mails(uow: UnitOfWork, message_ids: Sequence[str]) -> list[MailThread]:
    """Return the threads in which mails of these Message-IDs are filed, that others wrote, in their order."""
    if not message_ids:
        return []
    filed = (InboxItem.message_id.in_(message_ids), InboxItem.state == InboxState.FILED)
    rows = uow.session.execute(sa.select(InboxItem.message_id, InboxItem.about).where(*filed))
    by_id = {row.message_id: row.about or "" for row in rows}
    found = (thread_about(uow, by_id[each]) for each in message_ids if each in by_id)
    return [each for each in found if each is not None]


def threads_titled(uow: UnitOfWork, bare_title: str, since: datetime) -> list[MailThread]:
    """Return the threads of this subject in which there was a mail since an instant, the latest first."""
    alike = (MailThread.bare_title == bare_title, MailThread.last_mail_at > since)
    query = sa.select(MailThread).where(*alike).order_by(MailThread.last_mail_at.desc()).limit(_MOST_ALIKE)
    return list(uow.session.scalars(query))


def survivor(uow: UnitOfWork, thread: MailThread) -> MailThread:
    """Return the thread of the record that this one's was merged into, however often; itself where it was not."""
    seen = {thread.about}
    while thread.merged_into is not None and len(seen) < _MOST_MERGES:
        following = uow.session.scalar(sa.select(MailThread).where(MailThread.about == thread.merged_into))
        if following is None or following.about in seen:
            break
        seen.add(following.about)
        thread = following
    return thread


def thread_about(uow: UnitOfWork, about: str) -> MailThread | None:
    """Return the thread of a record."""
    return uow.session.scalar(sa.select(MailThread).where(MailThread.about == about))
