import pytest

from tests.factories.administration import Administration


@pytest.fixture
def administration(run_service):
    """The service on either database, with the product's roles and its first administrator."""
    return Administration.on(run_service("administration"))
