"""Where a test run keeps its files, and who else may read there."""

import os
import shutil
import tempfile
from pathlib import Path

import pytest

_KEPT = pytest.StashKey[Path]()


def keep_apart(config: pytest.Config) -> None:
    """Give this run a folder of its own, unless it was told one or is a worker of a run that has one.

    Left alone, every run of a user shares one folder, and each that starts closes it to other users, whatever runs
    there: PostgreSQL, which refuses root, then loses its files in the middle of its work.
    """
    if config.option.basetemp is None:
        config.stash[_KEPT] = Path(tempfile.mkdtemp(prefix="trato-test-"))
        config.option.basetemp = str(config.stash[_KEPT] / "files")


def kept(config: pytest.Config) -> Path | None:
    """The folder that `keep_apart` made, or None."""
    return config.stash.get(_KEPT, None)


def remove(config: pytest.Config) -> None:
    """Remove what `keep_apart` made."""
    folder = kept(config)
    if folder is not None:
        shutil.rmtree(folder, ignore_errors=True)


def let_others_in(folder: Path) -> None:
    """Make `folder`, and let other users read it and pass through those above; root's temporary ones are closed."""
    folder.mkdir(parents=True, exist_ok=True)
    if os.geteuid() == 0:
        for each in (folder, *folder.absolute().parents):
            wanted = 0o055 if each is folder else 0o011
            if each.stat().st_mode & wanted != wanted:
                each.chmod(each.stat().st_mode | wanted)
