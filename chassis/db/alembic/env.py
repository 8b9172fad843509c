"""Alembic runs this file; all it does is hand over to ``chassis.db.migrations``."""

from chassis.db import migrations

migrations.run_in_context()
