"""Publishes without waiting: what comes next is sent while the broker still confirms what was sent before."""

from collections.abc import Callable, Iterable
from typing import Any

import eventlet

from chassis.bus.amqp import Line, Message, NotConfirmed


class Pipeline(Line):
    """A line that is read by a greenthread of its own. Messages are known by the number given to ``send``.

    When anything goes wrong the line is over: ``check`` raises, and after ``close`` all that was not confirmed is to
    be sent again, from the earliest on.
    """

    def __init__(
        self, url: str, name: str, *, prepare: Callable[[Any], None], heard: Callable[[], None] | None = None
    ) -> None:
        """``heard`` is called when the broker confirmed something, or the line broke."""
        super().__init__(url, name, prepare=prepare)
        self._heard = heard or (lambda: None)
        self._reader: Any = None
        self._broken: BaseException | None = None

    def send(self, messages: Iterable[tuple[int, Message]]) -> None:
        """Send messages in order, each under a number. Raise one of ``connection.AWAY``; then ``close``."""
        if self._connection is not None:
            # Never over a new connection while something is unconfirmed on the old one: it would be left behind.
            self.check()
            if not self._connection.connected:
                raise NotConfirmed("the broker is away")
        self._write(messages)
        if self._reader is None:
            self._reader = eventlet.spawn(self._read, self._connection)

    def confirmed(self) -> list[int]:
        """Return the numbers that were confirmed since this was last asked; also after the line broke."""
        found, self._confirmed = self._confirmed, []
        return found

    @property
    def waits(self) -> bool:
        """Whether something sent is not confirmed yet."""
        return bool(self._unconfirmed)

    def check(self) -> None:
        """Raise ``NotConfirmed`` when the broker refused something, keeps silent for too long or is gone."""
        self._left()
        if self._broken is not None:
            raise NotConfirmed(f"the broker is away: {self._broken!r}") from self._broken

    def close(self) -> None:
        """Let go of the connection. What was confirmed before can still be asked for."""
        reader, self._reader = self._reader, None
        if reader is not None:
            reader.kill()
        self._broken = None
        super().close()

    def _read(self, connection: Any) -> None:
        try:
            while True:
                connection.drain_events()
                self._heard()
        except Exception as error:  # noqa: BLE001 - whatever it was, this line is over
            self._broken = error
            self._heard()
