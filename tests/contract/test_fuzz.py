"""Schemathesis sends what the OpenAPI document allows and what it forbids: no 5xx, no undeclared answer.

The usual test run sends a sample to each address, always the same one.
``TRATO_FUZZ_EXAMPLES=100 ./trato test tests/contract/test_fuzz.py`` sends everything (25,000 requests) and more.
"""

import json
import os
import re
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.generation.feedback import FeedbackSources
from schemathesis.pytest._test_builder import build_operation_test
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.contract.patience import patiently

DOCUMENT = Path(__file__).resolve().parents[2] / "contracts" / "openapi.json"
USUAL = 5
EXAMPLES = int(os.environ.get("TRATO_FUZZ_EXAMPLES", USUAL))
SAMPLE = 40 if EXAMPLES <= USUAL else 1_000_000
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
# These end the session or listen for ever; tests of their own cover them.
NOT_FUZZED = re.compile(r"^/v1/(live|session.*)$")
METHODS = {"get", "post", "put", "patch", "delete"}
OPERATIONS = [
    pytest.param(method, path, id=f"{method.upper()} {path}")
    for path, item in json.loads(DOCUMENT.read_text(encoding="utf-8"))["paths"].items()
    if not NOT_FUZZED.match(path)
    for method in item
    if method in METHODS
]

pytestmark = [pytest.mark.slow, pytest.mark.broker, pytest.mark.timeout(1200)]


@pytest.fixture(scope="session")
def schema():
    return schemathesis.openapi.from_path(str(DOCUMENT))


# Each is made when its turn comes: schemathesis' own decorator makes all 25,000 requests while tests are collected,
# which costs each test worker 300 MB and half a minute.
@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_every_address_answers_what_it_declares(schema, stack, method, path):
    headers = {"Authorization": f"Bearer {stack.token}"}

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    def ask(case):
        sent = {"base_url": stack.url, "headers": headers, "timeout": 30}
        response = patiently(lambda: case.call(**sent), lambda found: found.status_code)
        case.validate_response(response, checks=CHECKS, headers=headers, transport_kwargs=sent)

    asking = build_operation_test(
        config=schema.config,
        operation=schema[path][method],
        test_func=ask,
        given_kwargs={},
        feedback=FeedbackSources(),
    )
    known = getattr(asking, "hypothesis_explicit_examples", [])
    # Evenly spread over the kinds of cases, which come one kind after the other.
    asking.hypothesis_explicit_examples = known[:: -(-len(known) // SAMPLE) or 1]
    asking()
