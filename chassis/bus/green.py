"""The one place outside the runner where code gives other greenthreads a turn."""

import eventlet


def pause() -> None:
    """Let other greenthreads of this process run; long loops call it every few hundred rows."""
    eventlet.sleep(0)
