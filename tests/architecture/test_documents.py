import re

import pytest

from tests.architecture.source import ROOT, name

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "services").glob("*/README.md")])
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
