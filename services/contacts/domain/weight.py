"""How much something counts, from 1 to 100."""

from typing import Annotated

from chassis.field_kinds_exact import WholeField
from chassis.vocabulary import Public

Weight = Annotated[int, Public(WholeField, least=1, most=100)]
