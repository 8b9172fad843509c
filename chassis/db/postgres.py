"""What is particular to PostgreSQL."""

from collections.abc import Mapping
from typing import Any, Final

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
