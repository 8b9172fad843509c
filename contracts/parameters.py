"""The settings of an installation that services besides administration follow, each with its name and its default."""

from typing import Final

from chassis.parameters import Parameter

ORGANISATION_NAME: Final = Parameter("organisation.name", "")
ORGANISATION_CURRENCY: Final = Parameter("organisation.currency", "EUR")
DUPLICATE_POLICY: Final = Parameter("contacts.duplicate_policy", "warn")
UNDO_QUALIFICATION_MINUTES: Final = Parameter("leads.undo_qualification_minutes", 30)
FORECAST_SNAPSHOT_DAYS: Final = Parameter("forecast.snapshot_days", 400)
AUTOMATIC_REPLIES_PER_HOUR: Final = Parameter("mail.automatic_replies_per_hour", 1)
REOPENINGS_PER_HOUR: Final = Parameter("mail.reopenings_per_hour", 3)
SAME_SUBJECT_DAYS: Final = Parameter("mail.same_subject_days", 0)
