from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.samples.reviewing import event

from promptguard.audit.events import timestamp
from promptguard.policy.versions import POLICY_FILE, ConfigurationText
from promptguard.review.decisions import Decisions, Filter
from promptguard.review.groups import FEWEST, GroupSizes
from promptguard.review.policies import Policies
from promptguard.review.rule_sizes import RuleSizes

REST = "  - {id: rest, action: allow, reason: All may.}"
LATELY = timestamp(datetime.now(UTC) - timedelta(minutes=1))


def policy(*conditions: str) -> str:
    rules = [
        f"  - {{id: rule-{number}, when: {{{when}}}, action: block, reason: No.}}"
        for number, when in enumerate(conditions)
    ]
    return "\n".join(["version: '1'", "rules:", *rules, REST])


def made(rule: str, people: int, *, groups: Sequence[str] = (), times: int = 1) -> list[Any]:
    return [
        event(LATELY, rule=rule, groups=groups, person=f"p_{number}") for number in range(people) for _ in range(times)
    ]


def sizes(installation: Any, *texts: str) -> RuleSizes:
    """Of policies that decided one after another."""
    store = installation.backend.policy_versions(installation.keys.configuration)
    for number, text in enumerate(texts):
        kept = ConfigurationText(f"{number}" * 64, "1", {POLICY_FILE: text})
        store.keep(kept, f"{number}" * 16, process="7-a", machine="host-1", now=LATELY)
    groups = GroupSizes(installation.database, installation.store)
    return RuleSizes(installation.database, installation.store, groups, Policies(store, policy(), {}))


MANY = "users: [a, b, c, d, e]"


@pytest.mark.parametrize(
    ("conditions", "events", "unlisted"),
    [
        (["data_classes: credentials"], [], set()),
        (["data_classes: credentials"], made("rule-0", 1), set()),  # about nobody: a rare rule may be looked up
        (["users: ada"], made("rule-0", 1), {"rule-0"}),
        (["users: [a, b, c, d]"], made("rule-0", FEWEST), {"rule-0"}),  # the record may have others, of before
        ([MANY], made("rule-0", FEWEST - 1, times=4) + made("rest", FEWEST), {"rule-0"}),
        ([MANY], made("rule-0", FEWEST) + made("rest", FEWEST), set()),
        ([MANY], made("rule-0", FEWEST) + made("rest", 1), {"rest"}),  # it is left to whoever is not among them
        (["groups: legal"], made("rule-0", FEWEST, groups=["legal"]) + made("rest", FEWEST), set()),
        (["groups: legal"], made("rule-0", FEWEST, groups=["legal"]) + made("rest", 1), {"rest"}),
        (["groups: legal"], made("rule-0", FEWEST - 1, groups=["legal"]), {"rule-0"}),
        (["groups: legal"], made("rule-0", FEWEST), {"rule-0"}),  # nobody is in it
        (["groups: [legal, sales]"], made("rule-0", FEWEST, groups=["sales"]) + made("rest", FEWEST), set()),
        (
            ["groups: sales, users: ada"],
            made("rule-0", FEWEST, groups=["sales"]) + made("rest", FEWEST),
            {"rule-0"},
        ),
        (["not: {users: ada}"], made("rule-0", FEWEST) + made("rest", 1), {"rest"}),  # it is left to her
        (["not: {users: ada}"], made("rule-0", FEWEST) + made("rest", FEWEST), set()),
        (["not: {groups: sales}"], made("rule-0", FEWEST, groups=["sales"]) + made("rest", 1), set()),
        (["not: {groups: legal}"], made("rule-0", FEWEST) + made("rest", 1, groups=["legal"]), {"rest"}),
    ],
)
def test_a_rule_about_few_people_is_not_listed(conditions, events, unlisted, installation) -> None:
    installation.take_up(*events)
    assert sizes(installation, policy(*conditions)).unlisted() == unlisted


@pytest.mark.parametrize(
    ("order", "people", "is_listed"),
    [
        ("suspension:or-1", 1, False),
        ("suspension:or-1", FEWEST, False),  # it is about one, whatever the record says
        ("exception:or-1", FEWEST - 1, False),
        ("exception:or-1", FEWEST, True),
        ("stop:or-1", 1, True),
        ("acknowledgement", 1, True),
    ],
)
def test_nor_is_an_order_about_people(order: str, people: int, is_listed: bool, installation) -> None:
    installation.take_up(*made(order, people))
    unlisted = sizes(installation, policy()).unlisted()
    assert unlisted == (set() if is_listed else {order})
    decisions = Decisions(installation.database, lambda: unlisted)
    for wanted in (Filter(rule=order), Filter(text=order[:4])):
        assert bool(decisions.page(wanted)) is is_listed


def test_what_a_rule_was_about_counts_too(installation) -> None:
    installation.take_up(*made("rule-0", FEWEST))
    assert sizes(installation, policy("users: ada"), policy("kind: api")).unlisted() == {"rule-0"}


@pytest.mark.parametrize("text", ["rules: [", ""])
def test_a_version_that_cannot_be_read_hides_nothing(text: str, installation) -> None:
    assert sizes(installation, text).unlisted() == set()


def test_decisions_are_found_neither_by_it_nor_by_its_words(installation) -> None:
    events = installation.take_up(*made("rule-0", 1), event(LATELY, rule="rule-1"))
    decisions = Decisions(installation.database, sizes(installation, policy("users: ada", "kind: api")).unlisted)
    assert decisions.terms()["rule"] == ["rule-1"]
    assert decisions.page(Filter(rule="rule-0")) == []
    assert [row.id for row in decisions.page(Filter(text="RULE-"))] == [events[1].id]
    assert [row.id for row in decisions.page(Filter(text="RULE-"), together=True)] == [events[1].id]
    assert [row.rule for row in decisions.page(Filter())] == ["rule-1", "rule-0"]  # each says its rule
    assert [row.rule for row in decisions.page(Filter(text="openai"))] == ["rule-1", "rule-0"]
