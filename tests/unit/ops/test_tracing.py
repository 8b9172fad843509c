"""One trace from the first request to the last subscriber."""

import pytest

from chassis.ops import tracing

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.fixture
def exported():
    spans = []
    tracing.export_to(spans.append)
    yield spans
    tracing.export_to(None)


def test_a_child_stays_in_the_trace_under_a_new_name():
    child = tracing.parse(tracing.child(PARENT))
    assert child.trace_id == "0af7651916cd43dd8448eb211c80319c"
    assert child.span_id != "b7ad6b7169203331"


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "garbage",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    ],
)
def test_a_header_that_names_no_step_begins_a_new_trace(header):
    assert tracing.parse(header) is None
    assert tracing.parse(tracing.child(header)) is not None


def test_a_parent_that_is_not_recorded_has_children_that_are_not():
    assert not tracing.parse(tracing.child(PARENT[:-1] + "0")).sampled


def test_a_finished_step_is_exported_with_its_parent(exported):
    with tracing.span("contacts.get_person", PARENT, service="contacts") as step:
        pass
    (span,) = exported
    assert span.context is step
    assert span.parent.traceparent == PARENT
    assert span.ended_ns >= span.started_ns
    assert span.attributes == {"service": "contacts"}


def test_a_step_that_raises_is_exported_as_an_error(exported):
    with pytest.raises(ValueError, match="x"), tracing.span("contacts.get_person", PARENT):
        raise ValueError("x")
    assert exported[0].error == "ValueError"


def test_what_is_not_recorded_is_not_exported(exported):
    with tracing.span("contacts.get_person", PARENT[:-1] + "0"):
        pass
    assert exported == []
