"""A whole percentage of a target; more than a hundred lies beyond it."""

from typing import Annotated

from chassis.field_kinds_exact import WholeField
from chassis.vocabulary import Public

Percent = Annotated[int, Public(WholeField, least=1, most=500)]
