"""Who has a case, after some of those who had it are named anew."""

from collections.abc import Mapping
from typing import Any

from services.cases.domain.case import Case


def pass_on(case: Case, named: Mapping[str, Any], because: str | None = None) -> None:
    """Assign a case to those named: ``responsible_id``, ``resolver_id``, ``group_id``; the others stay."""
    case.assign(
        responsible_id=named.get("responsible_id", case.owner_id),
        resolver_id=named.get("resolver_id", case.resolver_id),
        group_id=named.get("group_id", case.group_id),
        because=because,
    )
