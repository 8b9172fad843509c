"""What cases does when something is told, or is due. The runner finds here what it runs."""

from services.cases.handlers.clocks import (
    follow_policy,
    forget_reopenings,
    propagate_type,
    recalculate_clocks,
    ring,
    send_survey,
)
from services.cases.handlers.contact_languages import know_language
from services.cases.handlers.figures import (
    cases_created,
    cases_resolved,
    cases_to_look_at,
    clocks_breached,
    clocks_met,
    clocks_warned,
    late_cases,
    longest_wait,
    open_cases,
    reopenings_held_back,
    unassigned_cases,
)
from services.cases.handlers.merged_contacts import follow_merge, follow_unmerge
from services.cases.handlers.told import (
    change_custom_field,
    file_mail,
    hand_over,
    retire_custom_field,
    serve_customer,
    serve_nobody,
    take_custom_field,
    take_parameter,
)

__all__ = [
    "cases_created",
    "cases_resolved",
    "cases_to_look_at",
    "change_custom_field",
    "clocks_breached",
    "clocks_met",
    "clocks_warned",
    "file_mail",
    "follow_merge",
    "follow_policy",
    "follow_unmerge",
    "forget_reopenings",
    "hand_over",
    "know_language",
    "late_cases",
    "longest_wait",
    "open_cases",
    "propagate_type",
    "recalculate_clocks",
    "reopenings_held_back",
    "retire_custom_field",
    "ring",
    "send_survey",
    "serve_customer",
    "serve_nobody",
    "take_custom_field",
    "take_parameter",
    "unassigned_cases",
]
