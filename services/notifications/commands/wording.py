"""What a mail of ours says: a template of the installation, or else what is built in."""

import logging
from collections.abc import Mapping
from types import ModuleType
from typing import Any

from chassis.unit_of_work import UnitOfWork
from services.notifications.domain.placeholders import filled
from services.notifications.errors import UnknownPlaceholder
from services.notifications.queries import templates

log = logging.getLogger(__name__)


def worded(uow: UnitOfWork, locale: str, values: Mapping[str, Any], built_in: ModuleType) -> dict[str, Any]:
    """Return subject, text and markup of a mail; ``built_in`` names the template that replaces its words.

    A template from before, which asks for what is not there, keeps no mail from going.
    """
    template = templates.named(uow, built_in.TEMPLATE)
    try:
        if template is not None:
            said = template.rendered(values, locale)
            return {"subject": said.subject, "text": said.text, "html": said.html, "template_id": template.id}
    except UnknownPlaceholder as error:
        log.warning("the template %s is left out: %s", built_in.TEMPLATE, error)
    return {
        "subject": " ".join(filled(built_in.SUBJECT.in_(locale), values, where="subject").split())[:255],
        "text": filled(built_in.TEXT.in_(locale), values, where="text"),
        "html": None,
        "template_id": None,
    }
