"""Minutes and seconds of working time, at most some years of it."""

from typing import Annotated, Final

from chassis.field_kinds_exact import WholeField
from chassis.vocabulary import Public

LONGEST: Final = 1_000_000

Minutes = Annotated[int, Public(WholeField, most=LONGEST)]
MinutesAround = Annotated[int, Public(WholeField, least=-LONGEST, most=LONGEST)]
Seconds = Annotated[int, Public(WholeField, most=LONGEST)]
