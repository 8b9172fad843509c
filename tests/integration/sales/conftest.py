import pytest

from tests.factories import sales as make


@pytest.fixture
def sales(run_service):
    """The sales service on an empty database."""
    return run_service("sales")


@pytest.fixture
def pipeline(sales):
    return sales.ask("create_pipeline", data=make.pipeline_data()).body


@pytest.fixture
def deal(sales, pipeline):
    return sales.ask("create_opportunity", data=make.opportunity_data()).body


@pytest.fixture
def price(sales):
    return sales.ask("create_close_reason", data=make.reason_data()).body
