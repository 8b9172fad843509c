"""What a mail of ours says: a template of the installation, or else what is built in."""

from collections.abc import Mapping
from types import ModuleType
from typing import Any

from chassis.unit_of_work import UnitOfWork
from services.notifications.domain.placeholders import filled
from services.notifications.queries import templates


def worded(uow: UnitOfWork, locale: str, values: Mapping[str, Any], built_in: ModuleType) -> dict[str, Any]:
    """Return subject, text and markup of a mail; ``built_in`` names the template that replaces its words."""
    template = templates.named(uow, built_in.TEMPLATE)
    if template is not None:
        rendered = template.rendered(values, locale)
        return {"subject": rendered.subject, "text": rendered.text, "html": rendered.html, "template_id": template.id}
    return {
        "subject": " ".join(filled(built_in.SUBJECT.in_(locale), values, where="subject").split())[:255],
        "text": filled(built_in.TEXT.in_(locale), values, where="text"),
        "html": None,
        "template_id": None,
    }
