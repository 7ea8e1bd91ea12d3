from __future__ import annotations

from typing import Any

import pytest

from promptguard.policy.policy import Policy
from promptguard.policy.schema import PolicyFile
from promptguard.policy.wording import RuleWords, rules_in_words

WORDS = RuleWords({"acme": "Acme Chat"}, {"personal_data": "Personal data"}, lambda name: name.lower())


def said(**when: Any) -> tuple[list[str], list[str]]:
    rule = {"id": "a", "when": when, "action": "block", "reason": "x"}
    rules = [rule, {"id": "last", "action": "allow", "reason": "x"}]
    first, _ = rules_in_words(Policy(PolicyFile.model_validate({"version": "1", "rules": rules}, strict=False)), WORDS)
    return list(first.when), list(first.unless)


@pytest.mark.parametrize(
    ("when", "words", "unless"),
    [
        ({}, [], []),
        ({"users": ["ann"]}, ["it is one of 1 person"], []),
        ({"users": ["ann", "ben"]}, ["it is one of 2 persons"], []),
        ({"groups": ["hr", "legal"]}, ["the person is in hr or legal"], []),
        ({"destinations": ["acme", "b"]}, ["the service is Acme Chat or b"], []),
        ({"status": ["approved_with_limits"]}, ["the service is approved with limits"], []),
        (
            {"kind": ["web_chat"], "purpose": ["upload"]},
            ["the kind of service is web chat", "the path is for upload"],
            [],
        ),
        ({"inspection": ["not_inspected"]}, ["the request is not inspected"], []),
        ({"data_classes": ["personal_data"]}, ["it has personal data"], []),
        ({"entity_types": ["IBAN_CODE", "PIN", "JWT"]}, ["it has iban_code, pin or jwt"], []),
        ({"roles": ["tool_result"]}, ["it stands in text of tool result"], []),
        ({"findings": "any", "min_score": 0.5}, ["anything was found", "the detector is at least 50% sure"], []),
        ({"findings": "none", "not": {"groups": ["hr"]}}, ["nothing was found"], ["the person is in hr"]),
        (
            {"provider": {"trains_on_prompts": ["yes", "unknown"], "retention_days": {"over": 30}}},
            [
                "the provider trains models on what is sent or it is not known whether the provider trains models on "
                "what is sent",
                "the provider keeps what is sent for over 30 days",
            ],
            [],
        ),
        (
            {"provider": {"agreement": ["yes"], "region": {"within": ["EU", "US"]}}},
            [
                "there is a data-processing agreement with the provider",
                "the provider processes and keeps what is sent within EU, US",
            ],
            [],
        ),
        ({"min_count": 3}, ["there are at least 3 different values of it"], []),
    ],
)
def test_a_rule_in_words(when: dict[str, Any], words: list[str], unless: list[str]) -> None:
    assert said(**when) == (words, unless)
