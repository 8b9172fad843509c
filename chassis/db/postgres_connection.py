"""A PostgreSQL connection that makes fewer round trips: what needs no answer rides along with what does.

BEGIN and SAVEPOINT go with the first statement behind them, writes that nobody reads again with COMMIT. The server
takes them in this order all the same, and the first that fails ends the message: nothing behind it is done.
"""

from collections.abc import Iterable
from typing import Any, Final, cast

from psycopg2 import errors, extensions

_BEGIN: Final = b"BEGIN"
_COMMIT: Final = b"COMMIT"
_ROLLBACK: Final = "ROLLBACK"
_NEEDS_NO_ANSWER: Final = ("SAVEPOINT ", "RELEASE SAVEPOINT ")
_IDLE: Final = extensions.TRANSACTION_STATUS_IDLE


class Connection(extensions.connection):
    """A connection that begins and ends its transactions itself; to the driver's own code it is in autocommit."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        _driver_autocommit.__set__(self, True)
        self.cursor_factory = Cursor
        self._alone = False
        self._failed = False
        self._later: list[bytes] = []

    @property
    def autocommit(self) -> bool:
        """Whether each statement stands alone. Setting it costs nothing."""
        return self._alone

    @autocommit.setter
    def autocommit(self, value: bool) -> None:
        self._alone = value

    def set_isolation_level(self, level: int | None) -> None:
        """Take one of the two levels in use: autocommit, or the server's own."""
        self._alone = level == extensions.ISOLATION_LEVEL_AUTOCOMMIT

    def defer(self, statements: Iterable[bytes]) -> None:
        """Have statements whose answers nobody reads go with the next message, at the latest with COMMIT."""
        self._later += [*self._ahead(), *statements] if not self._later else statements

    def ahead(self) -> list[bytes]:
        """Return what has to go before the next statement, which takes it along."""
        self._check()
        later, self._later = self._later or self._ahead(), []
        return later

    def send(self) -> None:
        """Have what was deferred done now."""
        if self._later:
            later, self._later = self._later, []
            self._send(b";".join(later))

    def commit(self) -> None:
        """Commit, together with what was deferred. Raises what the deferred statements raise; then roll back."""
        status = self.get_transaction_status()
        if status == extensions.TRANSACTION_STATUS_INERROR:
            self._failed = True  # the server would roll back and call it well
        self._check()
        later, self._later = self._later, []
        if later or status != _IDLE:
            self._send(b";".join((*later, _COMMIT)))

    def rollback(self) -> None:
        """Undo the transaction, and forget what was deferred."""
        self._later, self._failed = [], False
        if self.closed or self.get_transaction_status() != _IDLE:
            self._send(_ROLLBACK)

    def fell(self) -> None:
        """Take note that a message failed; where not even its BEGIN was done, only a rollback is possible."""
        self._failed = not self.closed and self.get_transaction_status() == _IDLE

    def _check(self) -> None:
        if self._failed:
            raise errors.InFailedSqlTransaction("the statements before were not done: roll back")

    def _ahead(self) -> list[bytes]:
        return [] if self._alone or self.get_transaction_status() != _IDLE else [_BEGIN]

    def _send(self, message: "bytes | str") -> None:
        with cast("Cursor", self.cursor()) as cursor:
            cursor.execute_now(message)


class Cursor(extensions.cursor):
    """A cursor whose statements take along what waits on the connection."""

    connection: Connection

    def execute(self, query: Any, vars: Any = None) -> None:  # noqa: A002 - the driver's own name
        """Run a statement, or put it off where it has no answer."""
        connection = self.connection
        if not vars and isinstance(query, str) and query.startswith(_NEEDS_NO_ANSWER):
            connection.defer([query.encode()])
            return
        ahead = connection.ahead()
        if not ahead:
            super().execute(query, vars)
            return
        try:
            super().execute(b";".join((*ahead, self.mogrify(query, vars))))
        except BaseException:
            connection.fell()
            raise

    def executemany(self, query: Any, vars_list: Any) -> None:
        """Run a statement for each of many values."""
        for each in vars_list:
            self.execute(query, each)

    def execute_now(self, message: "bytes | str") -> None:
        """Send a message as it is."""
        super().execute(message)


_driver_autocommit: Any = extensions.connection.__dict__["autocommit"]
