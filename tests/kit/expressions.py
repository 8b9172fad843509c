"""What dashboards and rules ask of Prometheus."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import yaml

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
RULES = sorted((DEPLOY / "prometheus" / "rules").glob("*.yml"))
RULE_TESTS = sorted((DEPLOY / "prometheus" / "tests").glob("*.yml"))
DASHBOARDS = sorted((DEPLOY / "grafana" / "dashboards").glob("*.json"))

# A metric or a recording with its matchers. What is a name and no metric: functions, before a bracket, and words.
_SELECTOR = re.compile(r"(?<![\w:.\"/])([a-zA-Z_][a-zA-Z0-9_:]*)(\{[^}]*\})?(?![\w(:\"])(?!\s*\()")
_WORDS = {"and", "or", "unless", "by", "on", "without", "ignoring", "offset", "bool"}
_GROUPING = re.compile(r"\b(by|without|on|ignoring)\s*\(([^)]*)\)")
_WINDOW = re.compile(r"\[\d+[smhdw]\]")


class Selector(NamedTuple):
    """A metric's name with its matchers as they are written, such as ``{job="services"}``."""

    metric: str
    matchers: str

    @property
    def labels(self) -> set[str]:
        """The labels that the matchers name."""
        return set(re.findall(r"(\w+)\s*(?:=~|!~|!=|=)", self.matchers))

    def __str__(self) -> str:
        return f"{self.metric}{self.matchers}"


def rules() -> list[dict[str, Any]]:
    """Return every rule of every file."""
    return [rule for path in RULES for group in yaml.safe_load(path.read_text())["groups"] for rule in group["rules"]]


def alerts() -> dict[str, dict[str, Any]]:
    """Return the alerting rules by name."""
    return {rule["alert"]: rule for rule in rules() if "alert" in rule}


def shown(dashboard: Path) -> Iterator[tuple[str, str]]:
    """Return each expression of a dashboard with the title of its panel, for all services."""
    for panel in json.loads(dashboard.read_text())["panels"]:
        for target in panel.get("targets", ()):
            yield panel["title"], target["expr"].replace("$service", ".*")


def selectors(expression: str) -> set[Selector]:
    """Return the metrics that an expression reads."""
    bare = _WINDOW.sub("", _GROUPING.sub("", expression))
    return {Selector(name, matchers or "") for name, matchers in _SELECTOR.findall(bare) if name not in _WORDS}


def grouped_by(expression: str) -> set[str]:
    """Return the labels by which an expression groups."""
    named = ",".join(labels for _, labels in _GROUPING.findall(expression)).split(",")
    return {label.strip() for label in named} - {""}
