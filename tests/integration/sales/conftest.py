import pytest

from chassis.context import SYSTEM, Call, calling
from chassis.unit_of_work import UnitOfWork
from services.sales import handlers
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


@pytest.fixture
def keep_forecast(sales):
    """Have the service look whether this day has its snapshot of the forecast, as it does every ten minutes."""

    def look():
        with calling(Call(actor=SYSTEM)) as call, sales.database.write() as session:
            uow = UnitOfWork(session, sales.database.metadata, call)
            handlers.keep_forecast(uow)
            uow.flush()

    return look
