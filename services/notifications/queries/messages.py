"""Which messages there are, who may read them, and what waits to be sent."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from chassis.clock import utc_now
from chassis.db import row_scope
from chassis.db.filters import filters_for, where
from chassis.db.paging import Page, PageRequest
from chassis.db.prepared import Prepared
from chassis.errors import NotFound
from chassis.fields import Flag
from chassis.unit_of_work import UnitOfWork
from services.notifications.domain.mail_thread import MailThread
from services.notifications.domain.message import Message, MessageChannel, MessageState

MESSAGE_FILTERS = filters_for(
    Message,
    exclude=("to", "cc", "problems"),
    unread=where(Flag, lambda unread: Message.read_at.is_(None) if unread else Message.read_at.is_not(None)),
)
_TABLE: Any = MailThread.__table__
_THREAD = _TABLE.c.keys()


def _beginning(dialect: Any) -> Prepared:
    insert = dialect.insert(_TABLE)
    renamed = {name: insert.excluded[name] for name in ("number", "title", "token", "bare_title", "last_mail_at")}
    return Prepared(insert.on_conflict_do_update(index_elements=["about"], set_=renamed), _THREAD)


_BEGIN = {name: _beginning(dialect) for name, dialect in (("postgresql", postgresql), ("sqlite", sqlite))}


def _visible(uow: UnitOfWork) -> "sa.Select[Any]":
    """Everybody sees the notices that are for them, and nobody those of others; mails as the permission says."""
    mine = sa.and_(Message.channel == MessageChannel.IN_APP, Message.owner_id == uow.actor.user_id)
    scope = uow.actor.scope("messages:read")
    if scope is None:
        return sa.select(Message).where(mine)
    mails = sa.and_(Message.channel == MessageChannel.EMAIL, *row_scope.conditions(Message, scope, uow.actor))
    return sa.select(Message).where(sa.or_(mine, mails))


def messages(uow: UnitOfWork, page: PageRequest) -> Page[Message]:
    """Return a page of the caller's notices and of the mails that the caller may see, the latest first."""
    return page.apply(_visible(uow), uow.session)


def message(uow: UnitOfWork, message_id: UUID) -> Message:
    """Return a message that the caller may see. Raises ``NotFound``."""
    found: Message | None = uow.session.scalar(_visible(uow).where(Message.id == message_id))
    if found is None:
        raise NotFound(resource="messages", id=str(message_id))
    return found


def unread(uow: UnitOfWork) -> int:
    """Return how many notices the caller has not read."""
    mine = sa.and_(Message.channel == MessageChannel.IN_APP, Message.owner_id == uow.actor.user_id)
    count = sa.select(sa.func.count()).select_from(Message).where(mine, Message.read_at.is_(None))
    return uow.session.scalar(count) or 0


def read_all(uow: UnitOfWork) -> int:
    """Note that the caller has seen every notice; return how many were new."""
    mine = sa.and_(Message.channel == MessageChannel.IN_APP, Message.owner_id == uow.actor.user_id)
    done = uow.session.execute(
        sa.update(Message)
        .where(mine, Message.read_at.is_(None))
        .values(read_at=utc_now(), version=Message.version + 1)
        .returning(Message.id)
        .execution_options(synchronize_session=False)
    )
    return len(done.all())


def _queued() -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    return Message.state == MessageState.QUEUED, Message.channel == MessageChannel.EMAIL


def next_due(uow: UnitOfWork) -> datetime | None:
    """Return when the next mail is due."""
    found: datetime | None = uow.session.scalar(sa.select(sa.func.min(Message.due_at)).where(*_queued()))
    return found


def take_mails(uow: UnitOfWork, most: int, lease: timedelta) -> Sequence[Message]:
    """Return mails that are due, which nobody else takes before the lease is over."""
    now = utc_now()
    query = sa.select(Message).where(*_queued(), Message.due_at <= now).order_by(Message.due_at, Message.id)
    found = uow.session.scalars(query.limit(most).with_for_update(skip_locked=True)).all()
    for mail in found:
        mail.due_at = now + lease
    return found


def by_message_ids(uow: UnitOfWork, message_ids: Sequence[str]) -> Message | None:
    """Return the message of ours that one of these Message-IDs names, the first one named."""
    if not message_ids:
        return None
    found = {
        each.message_id: each
        for each in uow.session.scalars(sa.select(Message).where(Message.message_id.in_(message_ids)))
    }
    return next((found[each] for each in message_ids if each in found), None)


def queued_for(uow: UnitOfWork, event_id: UUID) -> bool:
    """Whether an event was answered with a mail already."""
    query = sa.select(sa.exists().where(Message.source_event == event_id, Message.channel == MessageChannel.EMAIL))
    return bool(uow.session.scalar(query))


def thread(uow: UnitOfWork, about: str) -> MailThread | None:
    """Return the thread of a record."""
    return uow.session.scalar(sa.select(MailThread).where(MailThread.about == about))


def know_thread(uow: UnitOfWork, about: str, *, number: str, title: str, token: str) -> None:
    """Have the thread of a record begin, or be called otherwise; nobody reads it before the next ``flush``."""
    begun = MailThread(about=about, number=number, title=title[:255], token=token, participants=[], merged_into=None)
    begun.goes_on(utc_now())
    uow.append(_BEGIN[uow.session.get_bind().dialect.name], {name: getattr(begun, name) for name in _THREAD})


def thread_of(uow: UnitOfWork, thread_id: UUID | None) -> MailThread | None:
    """Return a thread by its id."""
    return None if thread_id is None else uow.session.get(MailThread, thread_id)


def last_in_thread(uow: UnitOfWork, thread_id: UUID) -> str | None:
    """Return the Message-ID of the latest mail that we sent in a thread."""
    query = sa.select(Message.message_id).where(Message.thread_id == thread_id).order_by(Message.id.desc()).limit(1)
    return uow.session.scalar(query)
