"""``python -m trato_events`` is the command ``trato-events``."""

import sys

from trato_events.command import main

if __name__ == "__main__":
    sys.exit(main())
