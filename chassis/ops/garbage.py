"""How often a process looks for garbage in cycles: seldom, and never among what was there when it began to work."""

import gc
from typing import Final

# New containers until the youngest are looked through, and how often each age is before the next older one. Python's
# own 700 looks several times in each request at what the request still needs, which takes a tenth of the time.
THRESHOLDS: Final = (10_000, 20, 20)


def settle() -> None:
    """Leave alone what was made until now, which also keeps it shared between processes, and look seldom then."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
