"""`./trato up --observe`: Prometheus scrapes all parts, and every dashboard and rule finds what it asks for."""

import json
import re
import subprocess
import time
import urllib.parse
import urllib.request

import pytest

from tests.kit.clone import ROOT, ask
from tests.kit.expressions import DASHBOARDS, alerts, rules, selectors, shown
from tools.launcher import prometheus
from tools.launcher.place import Place
from tools.launcher.trouble import Trouble

# What a system without trouble has no series of: the metric with its matchers, or the whole expression, and why.
SILENT = {
    'trato_http_requests_total{status=~"5.."}': "no request failed",
    'trato_rpc_seconds_count{outcome=~"5.."}': "no call failed",
    "trato_gateway_rpc_errors_total": "every service was reached",
    "trato_timers_failed_total": "no timer failed",
    "ALERTS": "no alert sounds, which is the point of them",
}
SECONDS = 120.0


class Prometheus:
    """The HTTP API of a running Prometheus."""

    def __init__(self, address):
        self.address = address

    def get(self, path, **parameters):
        """Return the data of an answer."""
        url = f"{self.address}/api/v1/{path}?{urllib.parse.urlencode(parameters)}"
        with urllib.request.urlopen(url, timeout=20) as answer:
            return json.load(answer)["data"]

    def series(self, expression):
        """Return how many series an expression has now. Raises where it is refused."""
        return len(self.get("query", query=expression)["result"])

    def until(self, condition):
        """Wait until a condition holds."""
        end = time.monotonic() + SECONDS
        while not (found := condition()):
            assert time.monotonic() < end, "it did not happen in time"
            time.sleep(0.5)
        return found

    def without_series(self, expressions):
        """Return the expressions that have no series, asked again and again until the time is over or all have."""
        end, left = time.monotonic() + SECONDS, list(expressions)
        while left and time.monotonic() < end:
            left = [each for each in left if not self.series(each)]
            time.sleep(0.5 if left else 0)
        return left


def is_silent(expression):
    return any({each.metric, str(each)} & {*SILENT} for each in selectors(expression))


def use(address, token):
    """Do a bit of everything that is measured."""
    assert ask(address, "/v1/people", token, {"first_name": "Ana", "last_name": "Prueba"})[0] == 201
    assert ask(address, "/v1/people?limit=5", token)[0] == 200
    assert ask(address, "/v1/people/00000000-0000-4000-8000-000000000000", token)[0] == 404
    status, case = ask(address, "/v1/cases", token, {"subject": "No funciona la fibra", "contact_email": "a@b.example"})
    assert status == 201, case
    assert ask(address, f"/v1/cases/{case['id']}/replies", token, {"text": "En seguida."})[0] == 201


@pytest.mark.slow
@pytest.mark.broker
@pytest.mark.timeout(400)
def test_everything_is_scraped_and_every_dashboard_and_rule_finds_its_figures(clone):
    one = clone("observed")
    scraping = one.folder / "deploy" / "prometheus" / "prometheus.yml"
    scraping.write_text(
        scraping.read_text().replace("_interval: 15s", "_interval: 1s").replace("_timeout: 5s", "_timeout: 1s")
    )
    days = scraping.parent / "rules" / "service_levels.yml"
    days.write_text(days.read_text().replace("interval: 1m", "interval: 1s"))
    address = one.up("--observe", "--no-demo")
    shown_at = re.search(r"Prometheus +(http://127\.0\.0\.1:\d+)", one.trato("status").stdout)
    assert shown_at is not None
    observer = Prometheus(shown_at[1])
    token = one.trato("token").stdout.strip()

    jobs = {"services", "gateway", "broker", "queues"}
    observer.until(lambda: {each["metric"]["job"] for each in observer.get("query", query="up == 1")["result"]} == jobs)
    use(address, token)
    # Once more behind the first scrape, so that what grows was seen to grow.
    observer.until(lambda: observer.series('trato_http_requests_total{route="/v1/cases/{id}/replies"}'))
    use(address, token)

    asked = {expression for path in DASHBOARDS for _, expression in shown(path)}
    asked |= {rule["record"] for rule in rules() if "record" in rule}
    read = {str(each) for alert in alerts().values() for each in selectors(alert["expr"])}
    missing = observer.without_series([each for each in sorted(asked | read) if not is_silent(each)])
    assert not missing
    for expression in filter(is_silent, asked | read):
        observer.series(expression)

    def judged():
        found = [rule for group in observer.get("rules")["groups"] for rule in group["rules"]]
        return None if any(rule["health"] == "unknown" for rule in found) else found

    found = observer.until(judged)
    assert {rule["name"]: rule["lastError"] for rule in found if rule.get("lastError")} == {}
    assert {rule["name"] for rule in found if rule["type"] == "alerting"} == {*alerts()}

    assert "prometheus" in one.trato("down").stdout
    with pytest.raises(OSError, match=r"(?i)refused"):
        observer.get("rules")


def test_every_reason_for_silence_is_needed():
    asked = {expression for path in DASHBOARDS for _, expression in shown(path)} | {rule["expr"] for rule in rules()}
    read = {name for expression in asked for each in selectors(expression) for name in (each.metric, str(each))}
    assert {*SILENT} <= read


def test_without_prometheus_and_without_the_right_to_install_it_one_sentence_says_how(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Trouble, match="sudo apt-get install prometheus"):
        prometheus.ensure(Place(tmp_path))


@pytest.mark.parametrize(("language", "words"), [("C.UTF-8", "with our alerts"), ("es_ES.UTF-8", "nuestras alertas")])
def test_the_launcher_says_in_both_languages_what_observe_is(language, words):
    environment = {"PATH": "/usr/bin:/bin", "LC_ALL": language}
    told = subprocess.run([str(ROOT / "trato"), "up", "--help"], env=environment, capture_output=True, text=True)
    assert words in told.stdout
