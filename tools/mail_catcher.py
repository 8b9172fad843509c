"""The mail server of a development system: it delivers nothing and keeps each mail as a file to look at.

``python -m tools.mail_catcher FOLDER HOST:PORT``. A mail is ``000001.eml``, its envelope in the first lines.
"""

import signal
import sys
import threading
from pathlib import Path
from types import FrameType
from typing import Final

from chassis.variables import address
from services.notifications.adapters.mail_door import Door

_MOST: Final = 10_000  # the oldest go first


class Catcher:
    """Keeps mails in ``folder``, numbered in the order in which they come."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._turn = threading.Lock()
        self._last = max((int(path.stem) for path in folder.glob("*.eml")), default=0)

    def keep(self, raw: bytes, sender: str, recipients: list[str]) -> str:
        """Keep one mail and return what the server says."""
        envelope = f"Return-Path: <{sender}>\r\nDelivered-To: {', '.join(recipients)}\r\n".encode()
        with self._turn:
            self._last += 1
            unfinished = self._folder / f"{self._last:06d}.part"
            unfinished.write_bytes(envelope + raw)
            # Whoever looks into the folder sees whole mails only.
            unfinished.rename(unfinished.with_suffix(".eml"))
            (self._folder / f"{self._last - _MOST:06d}.eml").unlink(missing_ok=True)
        return "250 2.0.0 it is kept"


def main(arguments: list[str]) -> int:
    """Take mail in until told to end; 2 for a wrong command line."""
    if len(arguments) != 2:  # noqa: PLR2004 - folder and address
        sys.stderr.write("usage: python -m tools.mail_catcher FOLDER HOST:PORT\n")
        return 2
    folder = Path(arguments[0])
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    door = Door(address(arguments[1]), lambda _address: True, Catcher(folder).keep)

    def end(_number: int, _frame: FrameType | None) -> None:
        door.close()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    door.serve()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
