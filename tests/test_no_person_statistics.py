"""Nobody is counted, ranked or scored: not in a table, an export, a metric, a form of a page or an address."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import orjson
import pytest
from prometheus_client import generate_latest
from sqlalchemy import Column, Table
from tests.samples.reviewing import event

from promptguard.audit.export import plain
from promptguard.audit.forms import load_forms, written
from promptguard.audit.interface import Record
from promptguard.audit.privacy import PrivacyFilter
from promptguard.audit.record import canonical
from promptguard.console.application import WAYS
from promptguard.model import Action
from promptguard.review.decisions import Filter
from promptguard.review.overview import Overview
from promptguard.review.schema import REVIEW
from promptguard.runtime.metrics import Metrics
from promptguard.storage.schema import RECORD

SOURCE = Path(__file__).parents[1] / "src" / "promptguard"
TEMPLATES = SOURCE / "console" / "templates"
TABLES = [*RECORD.metadata.tables.values(), *REVIEW.metadata.tables.values()]
COLUMNS = [(table, column) for table in TABLES for column in table.columns]

PERSON = re.compile(r"pseudonym|person|employee|user|client|suser", re.IGNORECASE)
SCORED = re.compile(r"risk|rank|reputation|trust_?level|offen[cs]e|violations", re.IGNORECASE)
COUNTED = re.compile(r"(?<!ac)count$|^times$|^total|^number_of|average|^sum(_|$)", re.IGNORECASE)

PSEUDONYM = re.compile(r"pseudonym\s*}}|for \w+ in [^%]*pseudonyms")
"""Where a template writes one, or goes through several."""

KEYS_OF_COUNTS = {"hour", "day", "destination", "action", "inspection", "data_class", "sign", "host", "shape_id"}
"""By what is counted: never by what leads to a person, nor by a group of them."""
STATEMENTS = {("acknowledgement", "pseudonym"), ("acknowledgement", "client")}
"""What a person has stated, once for each version of a document, as policies ask to have it logged: no conduct."""
LOOKS_BACK = "same_person"
"""The one module that compares whose decisions are: for two people, within one incident, for a while."""
GROUPED = {
    "overview.py": {"func.sum(columns['count'])", "*keys"},
    "decisions.py": {"column"},
    "ledger_verification.py": {"func.sum(ledger_gap.c.last - ledger_gap.c.first + 1)"},
}
"""What statements sum, and group by: the tables of counts above, decisions on one prompt, expired entries."""
ACCOUNTS = {"failures", "counter"}
"""Of accounts of reviewers, who sign in: wrong passwords in a row, and how often a passkey was used (WebAuthn)."""


@pytest.mark.parametrize(("table", "column"), COLUMNS, ids=[f"{table.name}.{column.name}" for table, column in COLUMNS])
def test_no_column_is_of_a_person_or_scores_one(table: Table, column: Column[Any]) -> None:
    assert not PERSON.search(column.name) or (table.name, column.name) in STATEMENTS
    assert not SCORED.search(column.name)
    if COUNTED.search(column.name) and column.name not in ACCOUNTS:
        assert {key.name for key in table.primary_key} <= KEYS_OF_COUNTS


def test_what_is_counted_in_the_console_is_of_the_whole_installation() -> None:
    assert {field.name for field in fields(Overview)} == {
        "by_class",
        "by_destination",
        "by_time",
        "before",
        "period",
        "totals",
    }
    assert not [field.name for field in fields(Filter) if PERSON.search(field.name)]


def keys_of(value: object, way: str = "") -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, each in value.items():
            yield f"{way}.{key}"
            yield from keys_of(each, f"{way}.{key}")
    elif isinstance(value, list):
        for each in value:
            yield from keys_of(each, way)


@pytest.mark.parametrize("form", load_forms().values(), ids=lambda form: form.id)
def test_every_export_is_of_single_decisions_without_a_score(form) -> None:
    made = canonical(event(action=Action.BLOCK, found=["EMAIL_ADDRESS"]))
    record = Record(1, made.event_id, made.time, made.action, made.event, b"", b"", b"", chain="1")
    lines = list(written([plain(record)], form, PrivacyFilter()))
    names = ",".join(lines) if not lines[0].startswith("{") else "\n".join(keys_of(orjson.loads(lines[0])))
    assert not re.search(r"risk_score|risk_level|user.*count|count.*user|offen[cs]e|violations", names, re.IGNORECASE)
    assert len([line for line in lines if made.event_id in line]) == 1


def test_no_metric_has_a_label_that_leads_to_a_person() -> None:
    metrics = Metrics()
    metrics.count(event(action=Action.BLOCK, found=["EMAIL_ADDRESS"], groups=["legal"]))
    text = generate_latest(metrics.registry).decode()
    labels = set(re.findall(r'[{,](\w+)="', text))
    assert labels <= {"destination", "action", "inspection", "data_class", "sign", "le", "version"}
    assert "p_abcdefghijklmnop" not in text
    assert "legal" not in text


def test_no_address_and_no_filter_is_of_a_person() -> None:
    for way in WAYS:
        assert not PERSON.search(way.path)
        assert not re.search(r"\b(top|ranking|leaderboard)\b", way.path)


def test_the_pseudonym_stands_on_the_page_of_one_decision_alone() -> None:
    showing = {path.name for path in TEMPLATES.glob("*.html") if PSEUDONYM.search(path.read_text("utf-8"))}
    assert showing == {"decision.html"}


def test_whose_earlier_incidents_there_are_is_told_in_one_place_alone() -> None:
    """Nothing else knows how to find them; and of what it finds, the page of two people says no number."""
    using = {
        path.relative_to(SOURCE).as_posix()
        for path in SOURCE.rglob("*.py")
        if re.search(rf"import .*\b{LOOKS_BACK}\b|{LOOKS_BACK} import", path.read_text("utf-8"))
    }
    assert using == {"review/incidents/earlier.py", "console/server.py"}
    looking = {
        path.relative_to(SOURCE).as_posix()
        for path in SOURCE.rglob("*.py")
        if re.search(r"\bconsole\.earlier\.look\(", path.read_text("utf-8"))
    }
    assert looking == {"console/pages/earlier.py"}
    page = (TEMPLATES / "earlier.html").read_text("utf-8")
    assert not re.search(r"\|\s*length|\|\s*count|count\(|loop\.index|\|\s*sort|pseudonym", page)


def test_no_statement_groups_or_counts_by_what_leads_to_a_person() -> None:
    """Sums and groups are those of whole installations, and of the decisions on one prompt."""
    grouped: dict[str, set[str]] = {}
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.Call(func=ast.Attribute(attr="group_by"), args=args):
                    grouped.setdefault(path.name, set()).update(map(ast.unparse, args))
                case ast.Call(func=ast.Attribute(value=ast.Name(id="func"), attr="sum"), args=args):
                    grouped.setdefault(path.name, set()).add(ast.unparse(node))
    assert grouped == GROUPED


def test_only_what_people_stated_themselves_is_kept_by_pseudonym() -> None:
    kept = {(table.name, column.name) for table, column in COLUMNS if re.search("pseudonym|person", column.name)}
    assert kept <= STATEMENTS
