"""The public shapes of this service. Derived: a field is written in its model only."""

from dataclasses import dataclass

from chassis.fields import Id
from chassis.schema import schema_for, shape_for
from services.cases.domain.calendar import Calendar
from services.cases.domain.case_type import CaseType, EffectiveType
from services.cases.domain.holiday_set import HolidaySet
from services.cases.domain.precondition import Unmet
from services.cases.domain.sla_policy import SlaPolicy
from services.cases.domain.workflow import Workflow

HolidaySetSchema = schema_for(HolidaySet)
CalendarSchema = schema_for(Calendar)
SlaPolicySchema = schema_for(SlaPolicy)
CaseTypeSchema = schema_for(CaseType, effective=EffectiveType)
WorkflowSchema = schema_for(Workflow)
UnmetSchema = shape_for(Unmet)


@dataclass(frozen=True, kw_only=True)
class CalendarReplacement:
    """The calendar that takes the place of another one in every policy."""

    replacement_id: Id


CalendarReplacementSchema = shape_for(CalendarReplacement)
