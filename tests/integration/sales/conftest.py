import pytest

from chassis.calls import answered_by
from chassis.context import SYSTEM, Call, calling
from chassis.unit_of_work import UnitOfWork
from services.sales import handlers
from tests.factories import contacts as make_contacts
from tests.factories import sales as make
from tests.kit.bridge import Bridge


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


@pytest.fixture
def ready_lead(sales, pipeline, run_service):
    """Make leads that meet the three preconditions, of a person on file unless another one comes with them."""
    contacts = run_service("contacts")
    contacts.ask("create_interest", data={"slug": "fibra", "name": "Fibra"})
    ana = contacts.ask("create_person", data=make_contacts.person_data(first_name="Ana", last_name="García")).body

    def made(**overrides):
        plain = {"interests": ["fibra"], "person": None, "person_id": ana["id"]}
        lead = sales.ask("create_lead", data=make.lead_data(**{**plain, **overrides})).body
        call = sales.ask("create_activity", data={"kind": "call", "subject": "Llamar", "lead_id": lead["id"]}).body
        sales.ask("finish_activity", call["id"], data={"reached": True})
        return lead

    made.contacts, made.bridge = contacts, Bridge(contacts)
    with answered_by(made.bridge):
        yield made
