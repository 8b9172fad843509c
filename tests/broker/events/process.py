"""One side of the world in a process of its own, to be killed: ``python -m tests.broker.events.process MODE …``."""

import sys
import time
import warnings

warnings.filterwarnings("ignore", message="(?s).*Eventlet is deprecated.*")

import eventlet  # noqa: E402

eventlet.monkey_patch()

from chassis.reactions import on  # noqa: E402
from tests.broker.events.world import Listener, OrderPlaced, Teller  # noqa: E402


def main():
    mode, broker, url = sys.argv[1:]
    if mode == "relay":
        Teller("shop", url, broker).relay()
    else:
        listener = Listener("counting", url, broker)

        @on(OrderPlaced)
        def keep(uow, event, envelope):
            listener.note(uow, envelope, event.number)

        listener.listen(keep)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while True:
        time.sleep(1)


if __name__ == "__main__":
    main()
