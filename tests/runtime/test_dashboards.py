"""The dashboard and the alert rules in docs/monitoring name metrics and labels that there are, and no others."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families
from tests.runtime.test_metrics import event

from promptguard.destinations.sightings import Sign
from promptguard.runtime.metrics import Metrics

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "monitoring"
DASHBOARD = json.loads((FOLDER / "grafana.json").read_text("utf-8"))
RULES = [
    rule for group in yaml.safe_load((FOLDER / "alerts.yaml").read_text("utf-8"))["groups"] for rule in group["rules"]
]
OF_PROMETHEUS = {"job", "le"}


def expressions() -> Iterator[str]:
    for panel in DASHBOARD["panels"]:
        yield from (target["expr"] for target in panel["targets"])
    yield from (rule["expr"] for rule in RULES)


@pytest.fixture(scope="module")
def known() -> dict[str, set[str]]:
    """All samples that are exposed, and their labels; gauges that the service adds stand in its source."""
    metrics = Metrics()
    metrics.count(event())
    metrics.missed()
    metrics.saw(next(iter(Sign)), "openai-api")
    runtime = ROOT / "src" / "promptguard" / "runtime"
    service = "".join((runtime / name).read_text("utf-8") for name in ("service.py", "names_server.py"))
    for name in re.findall(r'metrics\.gauge\(\s*"(\w+)"', service):
        metrics.gauge(name, "", float)
    for name in re.findall(r'metrics\.total\(\s*"(\w+)"', service):
        metrics.total(name, "", int)
    families = text_string_to_metric_families(metrics.exposition().decode())
    return {sample.name: set(sample.labels) for family in families for sample in family.samples}


@pytest.mark.parametrize("expression", sorted(set(expressions())))
def test_every_metric_and_label_exists(expression: str, known: dict[str, set[str]]) -> None:
    names = set(re.findall(r"\bpromptguard_\w+", expression))
    assert names - known.keys() == set()
    labels = set(re.findall(r'(\w+)\s*(?:=~|!=|=)\s*"', expression))
    labels |= {label.strip() for by in re.findall(r"\bby \(([^)]*)\)", expression) for label in by.split(",")}
    assert labels - OF_PROMETHEUS <= set().union(*(known[name] for name in names))
    assert expression.count("(") == expression.count(")") and expression.count("{") == expression.count("}")


def test_every_metric_is_shown(known: dict[str, set[str]]) -> None:
    shown = " ".join(expressions())
    left_out = ("_created", "_sum", "_count")
    assert [name for name in known if not name.endswith(left_out) and name not in shown] == []


def test_panels_stand_apart_and_alerts_say_what_to_do() -> None:
    places = [panel["gridPos"] for panel in DASHBOARD["panels"]]
    cells = [
        (x, y) for at in places for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])
    ]
    assert len(cells) == len(set(cells)) and max(x for x, _ in cells) < 24
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(places)
    assert len({rule["alert"] for rule in RULES}) == len(RULES)
    assert all(rule["annotations"].keys() == {"summary", "description"} for rule in RULES)
    assert {rule["labels"]["severity"] for rule in RULES} <= {"critical", "warning", "info"}
