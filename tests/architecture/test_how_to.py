"""The how-to pages are followed, on a copy of the tree; what they touch is what they say."""

import hashlib
import os
import re
import shutil
import subprocess
import sys

import pytest

from tests.architecture.source import ROOT

NOT_COPIED = {".git", ".trato", ".venv", "node_modules", "__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache"}
pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    """The tree with its contracts current, compiled, and with what mypy remembers of it where that is known."""
    target = tmp_path_factory.mktemp("original")
    shutil.copytree(
        ROOT, target, dirs_exist_ok=True, ignore=lambda folder, names: [n for n in names if n in NOT_COPIED]
    )
    remembered = ROOT / ".mypy_cache"
    if remembered.is_dir():
        shutil.copytree(remembered, target / remembered.name)
    _run(target, "-m", "tools.contracts")
    return target


@pytest.fixture
def copy(original, tmp_path):
    return shutil.copytree(original, tmp_path / "trato")


def _run(copy, *command):
    environment = {**os.environ, "PYTHONPATH": str(copy)}
    done = subprocess.run([sys.executable, *command], cwd=copy, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, f"{command}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    return done.stdout


def _state(copy):
    return {
        str(path.relative_to(copy)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in copy.rglob("*")
        if path.is_file() and not NOT_COPIED & set(path.parts)
    }


def _after(path, anchor, text):
    content = path.read_text(encoding="utf-8")
    assert anchor in content, f"{path.name} has no {anchor!r} any more: change this test"
    path.write_text(content.replace(anchor, anchor + text, 1), encoding="utf-8")


def _listed(page):
    text = (ROOT / "docs" / "how-to" / page).read_text(encoding="utf-8")
    section = text.split("## Files you touch", 1)[1].split("##", 1)[0]
    return set(re.findall(r"^- `([^`]+)`", section, re.MULTILINE))


def _touched(before, after, listed):
    """What changed, a file below a listed folder counting as that folder."""
    changed = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
    folders = [entry for entry in listed if entry.endswith("/")]
    return {next((folder for folder in folders if path.startswith(folder)), path) for path in changed}


def _check(copy, before, page):
    _run(copy, "-m", "tools.contracts")
    listed = _listed(page)
    assert _touched(before, _state(copy), listed) == listed


def test_adding_a_field_touches_the_files_its_page_names(copy):
    before = _state(copy)
    _after(copy / "services/contacts/domain/person.py", "birth_on: Mapped[Logged[Day] | None] = column(sort_order=7)\n",
           "    nickname: Mapped[Name | None]\n")  # fmt: skip
    _run(copy, "-m", "tools.migrate", "revision", "contacts", "nickname")
    _check(copy, before, "add-a-field.md")
    document = (copy / "contracts/openapi.json").read_text()
    assert document.count('"nickname"') >= 4, "shown, sent, patched, filtered"


def test_adding_an_event_touches_the_files_its_page_names(copy):
    before = _state(copy)
    contracts = copy / "contracts/contacts.py"
    contracts.write_text(contracts.read_text() + (
        "\n\n@dataclass(frozen=True, kw_only=True)\nclass PersonGreeted(Event):\n"
        '    """Somebody said hello to a person."""\n\n    person_id: ContactId\n'
    ))  # fmt: skip
    person = copy / "services/contacts/domain/person.py"
    _after(person, "from contracts.contacts import ContactKind", ", PersonGreeted")
    _after(person, '        return f"{self.first_name} {self.last_name or \'\'}".strip()\n',
           "\n    def greet(self) -> None:\n        self.record(PersonGreeted(person_id=self.id))\n")  # fmt: skip
    handlers = copy / "services/administration/handlers.py"
    _after(handlers, "from chassis.unit_of_work import UnitOfWork\n", "from contracts.contacts import PersonGreeted\n")
    handlers.write_text(handlers.read_text() + (
        "\n\n@on(PersonGreeted)\ndef remember_greeting(uow: UnitOfWork, event: PersonGreeted) -> None:\n"
        '    """Somebody was greeted."""\n'
    ))  # fmt: skip
    _check(copy, before, "add-an-event.md")
    assert "crm.contacts.person_greeted.v1" in (copy / "contracts/asyncapi.json").read_text()
    _run(copy, "-m", "pytest", "-q", "tests/architecture/test_events.py", "-k", "greeted")


def test_adding_an_endpoint_touches_the_files_its_page_names(copy):
    before = _state(copy)
    commands = copy / "services/contacts/commands/people.py"
    commands.write_text(commands.read_text() + (
        '\n\ndef greet_person(uow: UnitOfWork, person_id: UUID) -> Person:\n    """Say hello to a person."""\n'
        "    return uow.change(Person, person_id)\n"
    ))  # fmt: skip
    operations = copy / "services/contacts/operations/people.py"
    operations.write_text(operations.read_text() + (
        '\n    @command(dumps=PersonSchema, needs="people:write")\n'
        "    def greet_person(self, uow: UnitOfWork, person_id: UUID) -> Person:\n"
        '        """Say hello to a person."""\n        return commands.greet_person(uow, person_id)\n'
    ))  # fmt: skip
    _after(copy / "gateway/routes/contacts.py", "ROUTES = (\n",
           '    post("/v1/people/{id}/greet", "contacts.greet_person"),\n')  # fmt: skip
    _check(copy, before, "add-an-endpoint.md")
    assert '"/v1/people/{id}/greet"' in (copy / "contracts/openapi.json").read_text()


def test_a_new_service_follows_the_pattern_and_runs(copy):
    before = _state(copy)
    _run(copy, "-m", "tools.new_service", "billing")
    _check(copy, before, "add-a-service.md")
    _run(
        copy,
        "-m",
        "pytest",
        "-q",
        "tests/architecture/test_services.py",
        "tests/architecture/test_events.py",
        "-k",
        "billing",
    )
    _run(copy, "-m", "pytest", "-q", "tests/integration/billing", "-k", "sqlite")
    _run(copy, "-m", "ruff", "check", "services/billing", "contracts/billing.py")
    _run(copy, "-m", "mypy", "services/billing", "contracts/billing.py")
