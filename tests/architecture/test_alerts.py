"""Rules, runbooks and dashboards speak of what is measured, and every alert says what to do."""

import importlib
import json
import re

import pytest
import yaml
from prometheus_client import REGISTRY

from tests.architecture.source import ROOT, services
from tests.kit.expressions import DASHBOARDS, RULE_TESTS, alerts, grouped_by, rules, selectors, shown

RUNBOOKS = {path.name: path.read_text() for path in (ROOT / "docs" / "runbooks").glob("*.md")}
INDEX = RUNBOOKS.pop("README.md")
RECORDED = {rule["record"] for rule in rules() if "record" in rule}
# Labels that scraping adds (deploy/prometheus/prometheus.yml and its targets).
SCRAPED = {"job", "instance", "process", "le"}
# What others measure: Prometheus itself, prometheus_client, and the plugin of RabbitMQ.
FOREIGN = re.compile(r"up|ALERTS|process_\w+|python_gc_\w+|rabbitmq_\w+")


def measured():
    """Return the metrics of our code with their labels, under every name that they are scraped by."""
    ours = ("chassis.ops.metrics", "gateway.metrics", *(f"services.{each.name}.handlers" for each in services()))
    for module in ours:
        importlib.import_module(module)
    found = {}
    for collector in list(REGISTRY._collector_to_names):
        for name in REGISTRY._collector_to_names[collector]:
            found[name] = set(getattr(collector, "_labelnames", ()))
    return found


def expressions():
    yield from ((rule.get("alert") or rule["record"], rule["expr"]) for rule in rules())
    for path in DASHBOARDS:
        yield from ((f"{path.stem}: {title}", expression) for title, expression in shown(path))


def test_every_metric_and_label_that_a_rule_or_dashboard_names_is_measured():
    ours = measured()
    for where, expression in expressions():
        known = set(SCRAPED)
        for selector in selectors(expression):
            if selector.metric in RECORDED or FOREIGN.fullmatch(selector.metric):
                known |= {"vhost", "queue", "alertname", "alertstate", "severity", "generation"}
                continue
            assert selector.metric in ours, f"{where}: nobody measures {selector.metric}"
            assert selector.labels <= ours[selector.metric] | SCRAPED, f"{where}: {selector}"
            known |= ours[selector.metric]
        assert grouped_by(expression) <= known, f"{where}: {expression}"


def test_what_an_expression_reads_is_found():
    read = selectors(
        'sum by (a) (rate(x_total{b="c[d]"}[5m])) / on(e) up > 0.1 and min_over_time(y:z[2m]) or vector(0)'
    )
    assert {str(each) for each in read} == {'x_total{b="c[d]"}', "up", "y:z"}


@pytest.mark.parametrize("name", alerts())
def test_an_alert_says_what_is_wrong_how_bad_it_is_and_where_to_read_on(name):
    alert = alerts()[name]
    assert alert["labels"]["severity"] in {"page", "ticket"}
    assert {*alert["annotations"]} == {"summary", "description", "runbook_url"}
    page = alert["annotations"]["runbook_url"].removeprefix("docs/runbooks/")
    assert f"`{name}`" in RUNBOOKS[page], "the runbook names its alerts"
    (line,) = [line for line in INDEX.splitlines() if f"`{name}`" in line]
    assert f"]({page})" in line, "the list of runbooks says where to look"


@pytest.mark.parametrize("page", RUNBOOKS)
def test_a_runbook_says_how_it_shows_what_it_means_what_to_do_and_when_to_wake_somebody(page):
    for part in ("**Shows.**", "**Means.**", "**Do.**", "**Wake "):
        assert RUNBOOKS[page].count(f"\n{part}") == 1
    named = set(re.findall(r"`([A-Z]\w+)`", RUNBOOKS[page])) & {*alerts()}
    assert named, "no alert leads here"


def test_every_alert_is_tested_firing_and_silent():
    fires, silent = set(), set()
    for path in RULE_TESTS:
        for test in yaml.safe_load(path.read_text())["tests"]:
            for case in test["alert_rule_test"]:
                (fires if case.get("exp_alerts") else silent).add(case["alertname"])
    assert fires == silent == {*alerts()}


@pytest.mark.parametrize("path", DASHBOARDS, ids=lambda path: path.stem)
def test_a_dashboard_is_provisioned_as_it_stands(path):
    dashboard = json.loads(path.read_text())
    source = yaml.safe_load((ROOT / "deploy/grafana/provisioning/datasources/prometheus.yml").read_text())
    uid = source["datasources"][0]["uid"]
    assert dashboard["uid"] == f"trato-{path.stem}"
    ids = [panel["id"] for panel in dashboard["panels"]]
    assert len(ids) == len({*ids})
    for panel in dashboard["panels"]:
        assert panel["type"] == "row" or panel["datasource"]["uid"] == uid
        assert panel["gridPos"]["x"] + panel["gridPos"]["w"] <= 24


def test_prometheus_in_containers_scrapes_every_service():
    targets = yaml.safe_load((ROOT / "deploy/prometheus/targets/services.yml").read_text())
    assert {group["labels"]["process"] for group in targets} == {each.name for each in services()}
    assert all(group["targets"] == [f"{group['labels']['process']}:9100"] for group in targets)
