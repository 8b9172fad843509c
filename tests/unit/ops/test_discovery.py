"""The folders of services/ are the list of services."""

import sys
import textwrap

import pytest

from chassis.ops import discovery


@pytest.fixture
def package(tmp_path, monkeypatch, request):
    name = f"found_{abs(hash(request.node.name))}"
    for service in ("sales", "cases"):
        domain = tmp_path / name / service / "domain"
        domain.mkdir(parents=True)
        (domain / "base.py").write_text("import sqlalchemy as sa\nclass Model:\n    metadata = sa.MetaData()\n")
        (tmp_path / name / service / "service.py").write_text(
            textwrap.dedent(f"""
            from decimal import Decimal as Imported
            class {service.title()}Service:
                name = "{service}"
            """)
        )
    (tmp_path / name / "notes").mkdir()
    (tmp_path / name / "sales" / "handlers.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    yield name
    for module in [each for each in sys.modules if each.partition(".")[0] == name]:
        del sys.modules[module]


def test_each_folder_with_a_service_is_a_service(package):
    assert discovery.service_names(package) == ["cases", "sales"]


def test_a_service_is_loaded_with_what_its_files_declare(package):
    sales = discovery.load("sales", package)
    assert sales.service_class.__name__ == "SalesService"
    assert sales.handlers is not None
    assert sales.migrations.name == "migrations"
    assert discovery.load("cases", package).handlers is None


def test_services_do_not_share_their_tables(package):
    assert discovery.load("sales", package).metadata is not discovery.load("cases", package).metadata


def test_a_name_without_a_folder_is_refused_with_the_names_there_are(package):
    with pytest.raises(discovery.NoSuchService, match="no service 'notes'; there are: cases, sales"):
        discovery.load("notes", package)


def test_two_classes_of_that_name_are_refused(package, tmp_path):
    file = tmp_path / package / "cases" / "service.py"
    file.write_text(file.read_text() + "class Again:\n    name = 'cases'\n")
    with pytest.raises(discovery.NoSuchService, match="exactly one class"):
        discovery.load("cases", package)
