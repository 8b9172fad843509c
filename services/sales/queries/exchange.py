"""Exchange rates, and the currency that figures are in."""

from collections.abc import Collection
from datetime import date

import sqlalchemy as sa

from chassis import parameters
from chassis.db.filters import filters_for
from chassis.db.paging import Page, PageRequest
from chassis.unit_of_work import UnitOfWork
from contracts.parameters import ORGANISATION_CURRENCY
from services.sales.domain.exchange import ExchangeRate, Rates
from services.sales.errors import RateIsKnown

RATE_FILTERS = filters_for(ExchangeRate, default_sort=("-on", "currency"))


def rates_page(uow: UnitOfWork, page: PageRequest) -> Page[ExchangeRate]:
    """Return a page of rates, the latest first."""
    return page.apply(sa.select(ExchangeRate), uow.session)


def base_currency(uow: UnitOfWork) -> str:
    """Return the organisation's currency."""
    return parameters.value(uow, ORGANISATION_CURRENCY)


def rates(uow: UnitOfWork, currencies: Collection[str]) -> Rates:
    """Return the rates of these currencies into the organisation's."""
    base = base_currency(uow)
    foreign = sorted(set(currencies) - {base})
    if not foreign:
        return Rates(base, ())
    rows = uow.session.execute(
        sa.select(ExchangeRate.currency, ExchangeRate.on, ExchangeRate.rate).where(
            ExchangeRate.base == base, ExchangeRate.currency.in_(foreign)
        )
    )
    return Rates(base, [(row.currency, row.on, row.rate) for row in rows])


def check_is_new(uow: UnitOfWork, currency: str, base: str, on: date) -> None:
    """Raise ``RateIsKnown`` where there is a rate of that day."""
    same = sa.exists().where(ExchangeRate.currency == currency, ExchangeRate.base == base, ExchangeRate.on == on)
    if uow.session.scalar(sa.select(same)):
        raise RateIsKnown(currency=currency, on=str(on))
