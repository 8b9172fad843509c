"""Where one clone keeps what it installs, remembers and writes: everything is under `.trato/`."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Place:
    """One clone of the repository."""

    root: Path

    @property
    def hidden(self) -> Path:
        """The folder that git ignores and `./trato reset` removes."""
        return self.root / ".trato"

    @property
    def venv(self) -> Path:
        """The virtual environment."""
        return self.hidden / "venv"

    @property
    def python(self) -> Path:
        """The interpreter that runs everything but the launcher."""
        return self.venv / "bin" / "python"

    @property
    def data(self) -> Path:
        """SQLite files and blobs."""
        return self.hidden / "data"

    @property
    def mail(self) -> Path:
        """What the mail server of a development system took, a file per mail."""
        return self.hidden / "mail"

    @property
    def runs(self) -> Path:
        """One small file per running process: its pid and the instant it began."""
        return self.hidden / "run"

    def log(self, name: str) -> Path:
        """Return the log of one process or one step."""
        return self.hidden / "logs" / f"{name}.log"

    def prepare(self) -> None:
        """Create the folders; may be repeated."""
        # postgres may have to pass through `.trato`, so only what lies inside is private.
        self.hidden.mkdir(mode=0o711, exist_ok=True)
        for folder in (self.data, self.mail, self.runs, self.hidden / "logs"):
            folder.mkdir(mode=0o700, exist_ok=True)

    def services(self) -> list[str]:
        """Return the names of the services in this clone, in alphabetical order."""
        return sorted(found.parent.name for found in self.root.glob("services/*/service.py"))


def here() -> Place:
    """Return the clone that this launcher belongs to."""
    return Place(Path(__file__).resolve().parents[2])
