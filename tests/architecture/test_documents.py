import re

import pytest

from tests.architecture.source import ROOT, modules, name

PAGES = sorted(
    [
        *ROOT.glob("*.md"),
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / "services").glob("*/README.md"),
        *(ROOT / "sdk").glob("*.md"),
    ]
)
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
HOW_TO = sorted((ROOT / "docs" / "how-to").glob("*.md"))


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_what_a_page_points_at_is_there(page):
    targets = [target for target in LINK.findall(page.read_text(encoding="utf-8")) if "://" not in target]
    missing = [target for target in targets if not (page.parent / target).exists()]
    assert not missing


@pytest.mark.parametrize("page", HOW_TO, ids=name)
def test_a_how_to_page_begins_with_the_files_it_touches(page):
    headings = [line for line in page.read_text(encoding="utf-8").splitlines() if line.startswith("#")]
    assert headings[1] == "## Files you touch"


def test_every_figure_that_documents_and_alerts_name_is_measured():
    measured = {
        figure
        for path in modules("chassis", "gateway", "services")
        for figure in re.findall(r'"(trato_[a-z_]+)"', path.read_text(encoding="utf-8"))
    }
    named = {
        figure
        for path in [*PAGES, *(ROOT / "deploy").rglob("*.y*ml"), *(ROOT / "deploy").rglob("*.json")]
        for figure in re.findall(r"\btrato_[a-z]+_[a-z_]*[a-z]\b", path.read_text(encoding="utf-8"))
    }
    databases = {"trato_cases", "trato_contacts", "trato_administration", "trato_session", "trato_service"}
    unknown = {
        figure
        for figure in named - databases
        if not {figure, re.sub("_(total|count|sum|bucket)$", "", figure)} & measured
    }
    assert not unknown
