"""Questions about quotes, and the files they are printed to."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from chassis import blobs, parameters, settings
from chassis.clock import utc_now
from chassis.db.filters import filters_for, where
from chassis.db.paging import Page, PageRequest
from chassis.fields import AliasedId
from chassis.unit_of_work import UnitOfWork
from contracts.parameters import ORGANISATION_NAME
from services.sales.domain.quote import Quote, QuoteCounter, QuoteState

MEDIA_TYPE: Final = "application/pdf"
_LINK_LASTS: Final = timedelta(hours=1)
QUOTE_FILTERS = filters_for(
    Quote, contact_id=where(AliasedId, lambda id_: sa.or_(Quote.person_id == id_, Quote.company_id == id_))
)


def quotes(uow: UnitOfWork, page: PageRequest) -> Page[Quote]:
    """Return a page of quotes."""
    return page.apply(uow.scoped(sa.select(Quote), Quote), uow.session)


def latest_revision(uow: UnitOfWork, number: str) -> int:
    """Return the number of the latest version of a quote."""
    return uow.session.scalar(sa.select(sa.func.max(Quote.revision)).where(Quote.number == number)) or 0


def counter(uow: UnitOfWork, year: int) -> QuoteCounter:
    """Return the counter of a year; others who ask wait until this transaction ends."""
    dialect = sqlite if uow.session.get_bind().dialect.name == "sqlite" else postgresql
    uow.session.execute(dialect.insert(QuoteCounter).values(year=year, last=0).on_conflict_do_nothing())
    return uow.session.scalars(sa.select(QuoteCounter).where(QuoteCounter.year == year).with_for_update()).one()


def was_sent(uow: UnitOfWork, opportunity_id: UUID, *, accepted: bool) -> bool:
    """Whether a quote of an opportunity was sent, or with ``accepted`` accepted."""
    wanted = Quote.state == QuoteState.ACCEPTED if accepted else Quote.sent_at.is_not(None)
    return bool(uow.session.scalar(sa.select(sa.exists().where(Quote.opportunity_id == opportunity_id, wanted))))


def earlier_versions(uow: UnitOfWork, quote: Quote) -> Sequence[Quote]:
    """Return the versions of a quote before this one that are not decided."""
    return uow.session.scalars(
        sa.select(Quote).where(
            Quote.number == quote.number,
            Quote.revision < quote.revision,
            Quote.state.in_((QuoteState.DRAFT, QuoteState.SENT)),
        )
    ).all()


def issuer(uow: UnitOfWork) -> str:
    """Return the name under which offers are made."""
    return parameters.value(uow, ORGANISATION_NAME)


def printed(quote: Quote, on: date, issuer: str) -> str:
    """Write the PDF of a quote as it is now, dated ``on``, to the blob store, and return its key."""
    # 9 MB that a process needs only once somebody prints.
    from services.sales.adapters.quote_pdf import rendered

    content = rendered(quote, on, issuer)
    return blobs.open_store(settings.load()).put([content]).key


def pdf(uow: UnitOfWork, quote_id: UUID) -> dict[str, Any]:
    """Return where the PDF of a quote is, for an hour; what was sent is shown as it was sent."""
    quote = uow.get(Quote, quote_id)
    known = settings.load()
    key = quote.document or printed(quote, utc_now().date(), issuer(uow))
    token = blobs.sign_download(key, quote.filename, MEDIA_TYPE, utc_now() + _LINK_LASTS, secret=known.secret_key)
    return {"filename": quote.filename, "media_type": MEDIA_TYPE, "download": f"/v1/files/{token}"}
