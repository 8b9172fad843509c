"""A time on the wall: hours and minutes of a day without zone, from 00:00 to 24:00."""

# ruff: noqa: ARG002 - marshmallow's own signatures

import re
from typing import Annotated, Any, ClassVar, Final

from marshmallow import ValidationError, fields

from chassis.field_kinds import Facts
from chassis.field_messages import Said
from chassis.vocabulary import Public

_WALL: Final = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d|24:00", re.ASCII)
_WRONG: Final = Said(
    "This is not a time of day from 00:00 to 24:00, such as 09:30.",
    "Esto no es una hora del día entre 00:00 y 24:00, como 09:30.",
)


class WallTimeField(Facts, fields.String):
    """Hours and minutes; 24:00 is the end of the day."""

    facts: ClassVar = {"pattern": r"^(([01]\d|2[0-3]):[0-5]\d|24:00)$", "example": "09:00"}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if not isinstance(value, str) or not _WALL.fullmatch(value):
            raise ValidationError(_WRONG)
        return value


WallTime = Annotated[str, Public(WallTimeField)]


def minutes_of(wall: str) -> int:
    """Return the minutes from midnight to a wall time; 24:00 is 1440."""
    hours, minutes = wall.split(":")
    return int(hours) * 60 + int(minutes)
