"""Each image's lock holds what its component imports, and nothing is named twice with different versions."""

import re
from importlib.metadata import packages_distributions
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).resolve().parents[3]
OURS = ("chassis", "contracts", "services", "gateway", "tools", "tests")


def pinned(lock: str) -> dict[str, str]:
    text = (ROOT / "requirements" / lock).read_text()
    return dict(re.findall(r"^([a-z0-9._-]+)==([^ \\]+)", text, flags=re.MULTILINE))


def wanted(kind: str) -> set[str]:
    """The names in an .in file: what is imported must be asked for, not only come along with something else."""
    text = (ROOT / "requirements" / f"{kind}.in").read_text()
    return {re.split(r"[\[=<>~ ]", line)[0] for line in text.splitlines() if line and line[0] not in "#-"}


@pytest.fixture(scope="module")
def graph():
    return grimp.build_graph(
        "chassis",
        "contracts",
        "services",
        "gateway",
        include_external_packages=True,
        exclude_type_checking_imports=True,
    )


def imported_by(graph, component: str) -> set[str]:
    """The distributions that a component and every module of ours that it imports need."""
    roots = {component, *graph.find_descendants(component)}
    reached = set(roots)
    for module in roots:
        reached |= graph.find_upstream_modules(module)
    # A package's __init__ runs with each of its modules.
    externals = {name.partition(".")[0] for name in reached if name.partition(".")[0] not in OURS}
    known = packages_distributions()
    return {known[name][0].lower().replace("_", "-") for name in externals if name in known}


@pytest.mark.parametrize("component", ["services.contacts", "services.administration", "chassis.ops.runner"])
def test_the_service_image_installs_what_services_import(graph, component):
    assert imported_by(graph, component) <= wanted("service")


def test_the_gateway_image_installs_what_the_gateway_imports(graph):
    assert imported_by(graph, "gateway") <= wanted("gateway") | {"werkzeug"}


@pytest.mark.parametrize("lock", ["service.txt", "gateway.txt", "local.txt"])
def test_a_package_has_one_version_everywhere(lock):
    developers = pinned("dev.txt")
    assert {name: developers.get(name) for name in pinned(lock)} == pinned(lock)


def test_every_package_is_pinned_with_hashes_and_no_address_is_written():
    for path in (ROOT / "requirements").glob("*.txt"):
        text = path.read_text()
        assert "://" not in text
        blocks = re.split(r"\n(?=[a-z0-9])", text.strip())
        assert all("--hash=sha256:" in block for block in blocks), path.name
