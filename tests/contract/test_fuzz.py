"""Schemathesis sends what the OpenAPI document allows and what it forbids: no 5xx, no undeclared answer.

``TRATO_FUZZ_EXAMPLES=100 ./trato test tests/contract/test_fuzz.py`` looks longer than the usual test run does.
"""

import os
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

DOCUMENT = Path(__file__).resolve().parents[2] / "contracts" / "openapi.json"
EXAMPLES = int(os.environ.get("TRATO_FUZZ_EXAMPLES", "5"))
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
# These end the session or listen for ever; tests of their own cover them.
NOT_FUZZED = r"^/v1/(live|session.*)$"

pytestmark = [pytest.mark.slow, pytest.mark.broker, pytest.mark.timeout(300)]

schema = schemathesis.openapi.from_path(str(DOCUMENT)).exclude(path_regex=NOT_FUZZED)


@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
def test_every_address_answers_what_it_declares(case, stack):
    case.call_and_validate(
        base_url=stack.url, headers={"Authorization": f"Bearer {stack.token}"}, checks=CHECKS, timeout=30
    )
