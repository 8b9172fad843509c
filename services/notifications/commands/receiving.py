"""Taking in a mail: read outside any transaction, then filed, once, in one."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from io import BytesIO
from uuid import UUID

from chassis import blobs, parameters, settings
from chassis.clock import utc_now
from chassis.settings import Settings
from chassis.unit_of_work import UnitOfWork
from contracts.parameters import SAME_SUBJECT_DAYS
from services.notifications.adapters.incoming import Envelope, parse
from services.notifications.adapters.outgoing import loop_mark, own_address
from services.notifications.commands.ours import ours
from services.notifications.commands.too_large import say_that_it_is_too_large
from services.notifications.domain.filing import TrayReason, filed, numbers_in
from services.notifications.domain.inbox_item import InboxItem
from services.notifications.domain.mail_thread import MailThread, bare
from services.notifications.domain.message import Message, Problem
from services.notifications.domain.parsed_mail import DeliveryReport, MailKind, ParsedMail, extension_of
from services.notifications.queries import inbox


def read_mail(raw: bytes, *, sender: str | None, recipients: Sequence[str], whole: int | None = None) -> ParsedMail:
    """Return a mail, read; its original and its files are in the blob store when this returns.

    ``sender`` is the envelope's, empty for none, None where it is not known. ``whole`` says how many bytes the mail
    has where ``raw`` is only its header, because it is too large. Raises ``SettingsMissing`` without a
    blob store, ``OSError`` where it is away.
    """
    known = settings.load()
    store = blobs.open_store(known)

    def keep(content: bytes) -> tuple[str, int]:
        kept = store.put(BytesIO(content))
        return kept.key, kept.size

    came = Envelope(sender=sender, recipients=recipients, whole=whole)
    return parse(raw, came, loop_mark=loop_mark(known), store=keep)


def take_in(uow: UnitOfWork, mail: ParsedMail) -> InboxItem:
    """File a mail where it belongs, or put it in the tray. One that is here already is not taken in again."""
    if (known := inbox.item_with_key(uow, mail.key[:255])) is not None:
        return known
    now, configured = utc_now(), settings.load()
    item = InboxItem.of(mail, now)
    item.key = mail.key[:255]
    answered = _answered(uow, mail, configured)
    if answered:
        item.answers_message = answered[0].id
    if mail.kind is MailKind.BOUNCE and answered:
        _report(answered[0], mail.reports)
    own = ours(uow)
    threads = [inbox.survivor(uow, each) for each in _pointed_to(uow, mail, answered, configured)]
    filing = filed(mail, list(dict.fromkeys(threads)) or _alike(uow, mail, now))
    if filing.reason is None and filing.thread is not None:
        filing.thread.join(own.without([mail.sender, *mail.to, *mail.cc]))
        filing.thread.goes_on(now)
    item.arrive(filing)
    if filing.reason is TrayReason.TOO_LARGE and mail.sender not in own:
        say_that_it_is_too_large(uow, mail)
    return uow.add(item)


def assign_item(uow: UnitOfWork, item_id: UUID, *, about: str) -> InboxItem:
    """File a mail from the tray with a record; its sender and who is copied in take part there from now on.

    Raises ``AlreadyFiled``, ``NotARecord``.
    """
    item = uow.change(InboxItem, item_id)
    thread = inbox.thread_about(uow, about)
    item.assign(about, thread.number if thread else None, uow.actor.user_id)
    if thread is not None and item.kind is MailKind.MAIL:
        thread.join(ours(uow).without([item.sender, *item.to, *item.cc]))
        thread.goes_on(utc_now())
    return item


def dismiss_item(uow: UnitOfWork, item_id: UUID) -> InboxItem:
    """Take a mail out of the tray without filing it; it is kept. Raises ``AlreadyFiled``."""
    item = uow.change(InboxItem, item_id)
    item.dismiss()
    return item


def _pointed_to(
    uow: UnitOfWork, mail: ParsedMail, answered: Sequence[Message], configured: Settings
) -> list[MailThread]:
    """Return the threads that a mail points to: by number, by the mail that it answers, by the address it came to.

    The mail that it answers may be the customer's own: who is copied in answers before we do.
    """
    own = own_address(configured)
    extensions = [found for each in mail.recipients if (found := extension_of(each, own))]
    return [
        *inbox.threads_numbered(uow, numbers_in(mail.subject)),
        *inbox.threads_by_id(uow, [each.thread_id for each in answered if each.thread_id]),
        *inbox.threads_addressed(uow, extensions),
        *inbox.threads_of_mails(uow, mail.answers),
    ]


def _answered(uow: UnitOfWork, mail: ParsedMail, configured: Settings) -> list[Message]:
    """Return the messages of ours that a mail answers or returns, the likeliest first."""
    own, named = own_address(configured), []
    for address in mail.recipients:
        extension = extension_of(address, own) or ""
        if extension.startswith("b") and (id_ := _id(extension[1:])) is not None:
            message = uow.session.get(Message, id_)
            named += [message] if message is not None else []
    ids = [*([mail.returned] if mail.returned else []), *mail.answers]
    return list(dict.fromkeys([*named, *inbox.answered(uow, ids)]))


def _report(message: Message, reports: Sequence[DeliveryReport]) -> None:
    now = utc_now()
    failed = [
        Problem(address=each.address, code=each.status[:20], said=each.said, at=now)
        for each in reports
        if each.action == "failed" and each.address in {known.lower() for known in message.recipients}
    ]
    if failed:
        message.bounced(failed)
    elif reports and all(each.action in {"delivered", "relayed"} for each in reports):
        message.delivered()


def _alike(uow: UnitOfWork, mail: ParsedMail, at: datetime) -> list[MailThread]:
    """Return the threads with a mail's subject in which its sender takes part, where the installation wants that.

    Nobody else is guessed to belong there: subjects are alike by chance.
    """
    days, subject = parameters.value(uow, SAME_SUBJECT_DAYS), bare(mail.subject)
    if not days or not subject or mail.kind is not MailKind.MAIL:
        return []
    found = inbox.threads_titled(uow, subject, at - timedelta(days=days))
    return [inbox.survivor(uow, each) for each in found if each.has(mail.sender)]


def _id(text: str) -> UUID | None:
    try:
        return UUID(hex=text)
    except ValueError:
        return None
