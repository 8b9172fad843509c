"""What is known of consents, and whether it is everything."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from chassis.unit_of_work import UnitOfWork
from contracts.consents import ConsentChannel, Purpose, Standing
from services.notifications.domain.consent_level import ConsentLevel
from services.notifications.domain.known_consent import KnownConsent

_ROW: Final = 1


def known(uow: UnitOfWork, holder: str, channel: ConsentChannel, purpose: Purpose) -> KnownConsent:
    """Return what is known of one consent, to be changed; it begins here where nothing is."""
    found = uow.session.scalars(
        sa.select(KnownConsent)
        .where(KnownConsent.holder == holder, KnownConsent.channel == channel, KnownConsent.purpose == purpose)
        .with_for_update()
    ).one_or_none()
    return found or uow.add(KnownConsent(holder=holder, channel=channel, purpose=purpose))


def told_as(uow: UnitOfWork, consent_id: UUID) -> KnownConsent | None:
    """Return what is known of one consent of contacts, to be changed."""
    return uow.session.scalars(
        sa.select(KnownConsent).where(KnownConsent.consent_id == consent_id).with_for_update()
    ).one_or_none()


def standings(
    uow: UnitOfWork, holders: Iterable[str], channel: ConsentChannel, purpose: Purpose
) -> Mapping[str, Standing]:
    """Return what is said for these holders; of whom nothing is known is not in it."""
    query = sa.select(KnownConsent).where(
        KnownConsent.holder.in_(sorted(holders)), KnownConsent.channel == channel, KnownConsent.purpose == purpose
    )
    return {each.holder: each.standing for each in uow.session.scalars(query)}


def heard(uow: UnitOfWork) -> int:
    """Return how many changes of consents were heard."""
    return uow.session.scalar(sa.select(sa.func.coalesce(sa.func.sum(KnownConsent.heard), 0))) or 0


def level(uow: UnitOfWork) -> tuple[datetime | None, datetime | None]:
    """Return when we last knew everything, and when contacts was last asked."""
    row = uow.session.execute(sa.select(ConsentLevel.level_at, ConsentLevel.asked_at)).one_or_none()
    return (row.level_at, row.asked_at) if row else (None, None)


def note_asked(uow: UnitOfWork, at: datetime, *, is_level: bool) -> None:
    """Remember that contacts was asked, and whether we know everything."""
    dialect = sqlite if uow.session.get_bind().dialect.name == "sqlite" else postgresql
    noted = {"asked_at": at, **({"level_at": at} if is_level else {})}
    insert = dialect.insert(ConsentLevel).values({"id": _ROW, **noted})
    uow.session.execute(insert.on_conflict_do_update(index_elements=["id"], set_=noted))
