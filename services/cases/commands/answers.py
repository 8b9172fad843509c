"""What we say to the customer of a case, on its way to them."""

from datetime import datetime

from chassis import settings
from chassis.unit_of_work import UnitOfWork
from contracts.cases import CaseReplied, RepliedFile
from contracts.contacts import Channel
from services.cases.domain.case import Case
from services.cases.domain.case_type import EffectiveType
from services.cases.domain.entry import Entry, EntryKind
from services.cases.queries import contact_languages

_BY_MAIL = frozenset({Channel.EMAIL, Channel.WEB})
_BULK = ".bulk_"


def send(case: Case, entry: Entry, locale: str | None) -> None:
    """Tell what is needed to mail an answer that was written in a case; ``locale`` is the customer's."""
    case.record(
        CaseReplied(
            **case.about,
            entry_id=entry.id,
            subject=case.subject,
            text=entry.text,
            channel=entry.channel,
            recipients=list(entry.recipients),
            cc=list(entry.copies),
            attachments=[attachment.key for attachment in entry.attachments],
            mail_token=case.mail_token,
            automatic=entry.automatic,
            files=[
                RepliedFile(key=file.key, filename=file.name, media_type=file.media_type, size=file.size)
                for file in entry.attachments
            ],
            locale=locale,
        )
    )


def acknowledge(uow: UnitOfWork, case: Case, type_: EffectiveType, at: datetime) -> None:
    """Write to whoever began a case that it is on file, where its type says so; no clock listens to that.

    Cases that come many at once, or from another case, are not news to their customers.
    """
    nobody = case.contact_email is None and case.person_id is None and case.company_id is None
    if type_.acknowledgement is None or nobody or case.channel not in _BY_MAIL:
        return
    if case.split_from_id is not None or _BULK in uow.call.method:
        return
    locale = contact_languages.of_customer(uow, case)
    entry = uow.add(
        Entry(
            case_id=case.id,
            kind=EntryKind.REPLY,
            at=at,
            channel=case.channel,
            text=type_.acknowledgement.in_(locale or settings.load().default_locale),
            recipients=[case.contact_email] if case.contact_email else [],
            automatic=True,
        )
    )
    send(case, entry, locale)
