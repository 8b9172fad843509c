"""What stops the launcher: one sentence for the person, and the log that tells the rest."""

from pathlib import Path

from tools.launcher.words import tr

_LAST_LINES = 12
_LAST_BYTES = 16_384
_LONGEST_LINE = 400


class Trouble(Exception):
    """The launcher cannot go on; ``sentence`` says why and what to do."""

    def __init__(self, sentence: str, log: Path | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.log = log

    def report(self) -> str:
        """Return the sentence with the log's path and its last lines."""
        if self.log is None:
            return self.sentence
        lines = last_lines(self.log)
        heading = tr(f"The log is {self.log}; it ends with:", f"El registro es {self.log}; termina así:")
        return "\n".join([self.sentence, heading, *(f"    {line[:_LONGEST_LINE]}" for line in lines)])


def last_lines(log: Path, count: int = _LAST_LINES) -> list[str]:
    """Return the last lines of a log, or nothing when it does not exist."""
    try:
        with log.open("rb") as stream:
            stream.seek(max(0, log.stat().st_size - _LAST_BYTES * max(1, count // _LAST_LINES)))
            return stream.read().decode("utf-8", "replace").splitlines()[-count:]
    except FileNotFoundError:
        return []
