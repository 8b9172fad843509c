"""Identifiers: UUID version 7, which sort by the instant of their birth."""

import re
import uuid

from uuid_utils import compat

_TEXT_FORM = re.compile(r"[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}", re.IGNORECASE)


def new_id() -> uuid.UUID:
    """Return a new UUIDv7 (RFC 9562), ascending within this process."""
    return compat.uuid7()


def parse_id(text: str) -> uuid.UUID | None:
    """Return the id written as ``text``, or None where it is not one."""
    return uuid.UUID(text) if _TEXT_FORM.fullmatch(text) else None
