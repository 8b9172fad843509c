"""Which templates there are."""

from uuid import UUID

import sqlalchemy as sa

from chassis.db.filters import filters_for
from chassis.db.paging import Page, PageRequest
from chassis.unit_of_work import UnitOfWork
from services.notifications.domain.template import Template
from services.notifications.errors import SlugIsTaken

TEMPLATE_FILTERS = filters_for(Template, default_sort=("slug",))


def templates(uow: UnitOfWork, page: PageRequest) -> Page[Template]:
    """Return a page of templates."""
    return page.apply(sa.select(Template), uow.session)


def named(uow: UnitOfWork, slug: str) -> Template | None:
    """Return the active template of that name."""
    return uow.session.scalar(sa.select(Template).where(Template.slug == slug, Template.active.is_(True)))


def check_slug_is_free(uow: UnitOfWork, slug: str, besides: UUID | None = None) -> None:
    """Raise ``SlugIsTaken`` where another template has that name."""
    if uow.session.scalar(sa.select(Template.id).where(Template.slug == slug, Template.id != besides)):
        raise SlugIsTaken(name=slug)
