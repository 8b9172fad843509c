"""What is particular to PostgreSQL."""

from collections.abc import Mapping
from typing import Any, Final

import sqlalchemy as sa

STATEMENT_TIMEOUT_SECONDS: Final = 30

# Settings ride along with the connection's start, so they cost no round trip. A statement that runs longer than any
# caller waits is ended by the server; a session that forgot its transaction must not hold locks for ever.
OPTIONS: Final[Mapping[str, Any]] = {
    "connect_args": {
        "connect_timeout": 5,
        "application_name": "trato",
        "options": (
            f"-c statement_timeout={STATEMENT_TIMEOUT_SECONDS}s -c idle_in_transaction_session_timeout=60s "
            "-c timezone=UTC -c jit=off "
            # one random page costs hardly more than the next one on the disks of this decade
            "-c random_page_cost=1.1 -c pg_trgm.word_similarity_threshold=0.5"
        ),
        "keepalives_idle": 30,
        "keepalives_interval": 5,
        "keepalives_count": 3,
    },
    "executemany_mode": "values_plus_batch",
}


def options() -> dict[str, Any]:
    """Return what an engine for transactions is made with."""
    from chassis.db.postgres_connection import Connection  # needs the driver, which SQLite does without

    return {**OPTIONS, "connect_args": {**OPTIONS["connect_args"], "connection_factory": Connection}}


def autocommitting(engine: sa.Engine) -> sa.Engine:
    """Return ``engine`` for reading: each statement stands alone and sees the latest commit.

    SQLAlchemy's own AUTOCOMMIT says so to the server, and takes it back, with a round trip for each connection
    lent; the driver only needs to be told not to begin.
    """
    reading = engine.execution_options()

    def lent(connection: sa.Connection) -> None:
        driver: Any = connection.connection.dbapi_connection
        driver.autocommit = True

    def returned(driver: Any, _record: object) -> None:
        if driver is not None and not driver.closed:
            driver.autocommit = False

    sa.event.listen(reading, "engine_connect", lent)
    sa.event.listen(engine, "checkin", returned)
    return reading
