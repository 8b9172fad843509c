"""What is done with templates."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.notifications.commands import messages
from services.notifications.domain import case_mail, survey_mail, too_large_mail
from services.notifications.domain.message import Message
from services.notifications.domain.template import Template, TemplatePreview
from services.notifications.errors import NotARecord
from services.notifications.queries import templates as queries

# What there is to say where a template replaces words of ours.
_BUILT_IN: Final = {each.TEMPLATE: each.SAMPLE for each in (case_mail, survey_mail, too_large_mail)}


def create_template(uow: UnitOfWork, **attributes: Any) -> Template:
    """Write a template. Raises ``UnknownPlaceholder``, ``BrokenPlaceholder``, ``SlugIsTaken``."""
    template = Template(**attributes)
    _check(template)
    queries.check_slug_is_free(uow, template.slug, template.id)
    return uow.add(template)


def update_template(uow: UnitOfWork, template_id: UUID, changes: Mapping[str, Any]) -> Template:
    """Change a template; messages on their way stay as they are. Raises as ``create_template`` does."""
    template = uow.change(Template, template_id)
    template.apply(changes)
    _check(template)
    queries.check_slug_is_free(uow, template.slug, template.id)
    return template


def delete_template(uow: UnitOfWork, template_id: UUID) -> None:
    """Forget a template; what was sent with it stays."""
    uow.remove(uow.change(Template, template_id))


def preview(
    uow: UnitOfWork,
    template_id: UUID,
    *,
    locale: str | None = None,
    values: Mapping[str, Any] | None = None,
    record: Mapping[str, Any] | None = None,
    about: str | None = None,
) -> TemplatePreview:
    """Show what a message would say of a record, of these values, or else of the template's sample data.

    Raises ``UnknownPlaceholder``, and ``NotARecord`` for an ``about`` that nobody could read before it came here.
    """
    if about is not None:
        raise NotARecord(about=about)
    return uow.get(Template, template_id).shown(locale or uow.call.locale, record=record, values=values)


def send_test(uow: UnitOfWork, template_id: UUID, *, to: str, **how: Any) -> Message:
    """Send a mail that says what ``preview`` shows to one address."""
    shown = preview(uow, template_id, **how)
    return messages.queue_mail(uow, to=[to], subject=shown.subject, text=shown.text, html=shown.html)


def _check(template: Template) -> None:
    template.check()
    if (known := _BUILT_IN.get(template.slug)) is not None:
        template.check(known)
