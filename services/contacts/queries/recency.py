"""How long ago a contact was last in touch with us, as something to filter by."""

from datetime import timedelta
from typing import Any, Final

import sqlalchemy as sa

from chassis.clock import utc_now
from chassis.db.filters import Condition, Filter
from chassis.db.operators import Operator
from chassis.field_kinds_exact import WholeField
from services.contacts.domain.company import Company
from services.contacts.domain.person import Person

_LONGEST: Final = 36_500


def days_since_contact(model: type[Person] | type[Company]) -> Filter:
    """Return the filter on the days since the last real contact; who never was in touch is beyond any number."""
    last: Any = model.last_contact_on

    def condition(operator: Operator, days: int) -> Condition:
        day = utc_now().date() - timedelta(days=days)
        never = last.is_(None)
        match operator:
            case "gt":
                return sa.or_(last < day, never)
            case "gte":
                return sa.or_(last <= day, never)
            case "lt":
                return last > day  # type: ignore[no-any-return]
            case _:
                return last >= day  # type: ignore[no-any-return]

    return Filter(WholeField(most=_LONGEST), ("gt", "gte", "lt", "lte"), condition)
