"""``./trato new-service NAME`` makes the folder of a new service: every module of the pattern, and it runs.

The pattern is in ``tools/pattern``: text files in which ``$name`` and the like are replaced.
"""

import re
import subprocess
import sys
from pathlib import Path
from string import Template

ROOT = Path(__file__).resolve().parents[1]
PATTERN = ROOT / "tools" / "pattern"
NAME = re.compile(r"[a-z][a-z]{2,23}")

FILES = {
    "README.md": "services/$name/README.md",
    "init.py": "services/$name/__init__.py",
    "domain_init.py": "services/$name/domain/__init__.py",
    "base.py": "services/$name/domain/base.py",
    "note.py": "services/$name/domain/note.py",
    "errors.py": "services/$name/errors.py",
    "schemas.py": "services/$name/schemas.py",
    "commands.py": "services/$name/commands.py",
    "queries.py": "services/$name/queries.py",
    "handlers.py": "services/$name/handlers.py",
    "service.py": "services/$name/service.py",
    "migrations_init.py": "services/$name/migrations/__init__.py",
    "contract.py": "contracts/$name.py",
    "routes.py": "gateway/routes/$name.py",
    "test_notes.py": "tests/integration/$name/test_notes.py",
}


def make(name: str, root: Path = ROOT) -> list[Path]:
    """Write the files of a new service and return them. Raises ``ValueError`` with the reason where it cannot."""
    if not NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no name for a service: 3 to 24 small letters, for example billing.")
    if (root / "services" / name).exists():
        raise ValueError(f"services/{name} is already there.")
    words = {"name": name, "Name": name.capitalize()}
    written = []
    for source, target in FILES.items():
        path = root / Template(target).substitute(words)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(Template((PATTERN / f"{source}.txt").read_text()).substitute(words))
        written.append(path)
    return written


def main(arguments: list[str]) -> int:
    """Make the service, its first migration and its contracts, and say what remains to be done."""
    if len(arguments) != 1:
        print("usage: ./trato new-service NAME")
        return 2
    [name] = arguments
    try:
        written = make(name)
    except ValueError as error:
        print(error)
        return 2
    for path in written:
        print(f"  {path.relative_to(ROOT)}")
    migration = [sys.executable, "-m", "tools.migrate", "revision", name, "first tables"]
    done = subprocess.run(migration, cwd=ROOT, check=False)
    if done.returncode:
        return done.returncode
    print(f"\nservices/{name} stands and runs. Write the documents next: python -m tools.contracts")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
