"""What rules ask about how a tool's provider treats data, of what is known and of what is not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from promptguard.errors import ConfigError
from promptguard.model import Action, Circumstances, DataHandling, Destination, Identity, Kind, Status
from promptguard.policy.policy import Policy
from promptguard.policy.provider import Answer, Provider, RegionAsked, RetentionAsked, questions
from promptguard.policy.schema import PolicyFile
from promptguard.typed_yaml.fields import Section
from promptguard.typed_yaml.reading import load

UNKNOWN = DataHandling()
GOOD = DataHandling(trains_on_prompts=False, retention_days=30, region="EU", agreement="https://acme.example/dpa")
BAD = DataHandling(trains_on_prompts=True, retention_days=90, region="EU, US", agreement="none")


def asking(provider: str) -> str:
    return f"- {{id: one, when: {{provider: {{{provider}}}}}, action: block, reason: R.}}"


def at(handling: DataHandling) -> Circumstances:
    destination = Destination("acme", "Acme", ("acme.example",), Kind.API, Status.APPROVED, data_handling=handling)
    return Circumstances(Identity("anna", "p_1"), destination)


@pytest.mark.parametrize(
    ("provider", "matching"),
    [
        ("trains_on_prompts: yes", [BAD]),
        ("trains_on_prompts: true", [BAD]),
        ("trains_on_prompts: no", [GOOD]),
        ("trains_on_prompts: [false, unknown]", [GOOD, UNKNOWN]),
        ("trains_on_prompts: unknown", [UNKNOWN]),
        ("trains_on_prompts: [yes, no, unknown]", [GOOD, BAD, UNKNOWN]),
        ("agreement: no", [BAD]),
        ("agreement: [no, unknown]", [BAD, UNKNOWN]),
        ("agreement: yes", [GOOD]),
        ("retention_days: {over: 30}", [BAD]),
        ("retention_days: {over: 29}", [GOOD, BAD]),
        ("retention_days: {over: 30, unknown: true}", [BAD, UNKNOWN]),
        ("retention_days: {up_to: 30}", [GOOD]),
        ("retention_days: {up_to: 0}", []),
        ("retention_days: {unknown: true}", [UNKNOWN]),
        ("region: {outside: EU}", [BAD]),
        ("region: {outside: [eu, us]}", []),
        ("region: {outside: Switzerland, unknown: true}", [GOOD, BAD, UNKNOWN]),
        ("region: {within: [EU]}", [GOOD]),
        ("region: {within: [us, eu]}", [GOOD, BAD]),
        ("region: {unknown: true}", [UNKNOWN]),
        ("trains_on_prompts: yes, retention_days: {over: 100}", []),
        ("trains_on_prompts: yes, agreement: [no, unknown]", [BAD]),
    ],
)
def test_which_providers_match(policy: Callable[[str], Policy], provider: str, matching: list[DataHandling]) -> None:
    rules = policy(asking(provider))
    blocked = [each for each in (GOOD, BAD, UNKNOWN) if rules.decide(at(each), [], None).action is Action.BLOCK]
    assert blocked == matching


@pytest.mark.parametrize(
    ("provider", "line", "part"),
    [
        ("trains_on_prompts: maybe", 6, "‘maybe’ is no value for ‘trains_on_prompts’"),
        ("trains_on_prompts: [yes, unknwon]", 6, "Did you mean ‘unknown’?"),
        ("agreement: none", 6, "‘none’ is no value for ‘agreement’"),
        ("retention_days: 30", 6, "‘retention_days’ is the number 30"),
        ("retention_days: {over: -1}", 6, "It should be at least 0."),
        ("retention_days: {over: 30, up_to: 10}", 6, "`over` and `up_to` are both there"),
        ("retention_days: {}", 6, "Name `over` or `up_to` and days, or `unknown: true`."),
        ("region: {outside: EU, within: US}", 6, "`outside` and `within` are both there"),
        ("region: {unknown: false}", 6, "it does not say which region"),
        ("training: yes", 6, "there is no key ‘training’ here"),
        ("{}", 5, "it asks nothing of the provider"),
    ],
)
def test_mistakes(tmp_path: Path, provider: str, line: int, part: str) -> None:
    asked = " {}" if provider == "{}" else f"\n      {provider}"
    text = f"version: '1'\nrules:\n- id: one\n  when:\n    provider:{asked}\n  action: block\n  reason: R.\n"
    (path := tmp_path / "policy.yaml").write_text(f"{text}- {{id: rest, action: allow, reason: R.}}\n")
    with pytest.raises(ConfigError) as caught:
        load(path, PolicyFile)
    assert part in str(caught.value)
    assert caught.value.line == line


@pytest.mark.parametrize("not_", ["trains_on_prompts: yes", "trains_on_prompts: unknown"])
def test_answers_are_named_and_never_left_out(policy: Callable[[str], Policy], not_: str) -> None:
    with pytest.raises(ConfigError, match="no key ‘provider’"):
        policy(f"- {{id: one, when: {{not: {{provider: {{{not_}}}}}}}, action: allow, reason: R.}}")


@pytest.mark.parametrize(
    ("provider", "handling", "told"),
    [
        ("trains_on_prompts: [yes, unknown]", BAD, ["provider.trains"]),
        ("trains_on_prompts: [yes, unknown]", UNKNOWN, ["provider.training_unknown"]),
        ("trains_on_prompts: no", GOOD, []),
        ("retention_days: {over: 30}, agreement: no", BAD, ["provider.no_agreement", "provider.retention"]),
        ("region: {outside: EU, unknown: true}", UNKNOWN, ["provider.region_unknown"]),
        ("region: {outside: EU}", BAD, ["provider.region"]),
    ],
)
def test_what_people_are_told(
    policy: Callable[[str], Policy], provider: str, handling: DataHandling, told: list[str]
) -> None:
    rules = policy(asking(provider))
    assert [str(each) for each in rules.told_of_provider("one", handling)] == told
    assert rules.told_of_provider("rest", handling) == rules.told_of_provider("stop:or-1", handling) == ()


@pytest.mark.parametrize(
    ("provider", "failure"),
    [
        ("trains_on_prompts: [yes, unknown]", "what is sent: no, none of unknown, yes"),
        ("retention_days: {over: 30}", "how long the provider keeps what is sent: up to 30 days, not over 30 days"),
        ("region: {outside: EU}", "processes and keeps what is sent: within EU, not outside EU"),
        ("agreement: no", "agreement with the provider: yes, not no"),
        ("retention_days: {unknown: true}", "how long the provider keeps what is sent: known, not unknown"),
        ("region: {unknown: true}", "processes and keeps what is sent: known, not unknown"),
    ],
)
def test_why_a_rule_is_passed_over(policy: Callable[[str], Policy], provider: str, failure: str) -> None:
    (told,) = policy(asking(provider)).rules[0].failures(at(GOOD), None)
    assert told.endswith(failure)


def test_policies_that_do_not_ask_keep_their_hash(policy: Callable[[str], Policy]) -> None:
    plain = policy("- {id: one, when: {status: approved}, action: block, reason: R.}")
    assert plain.hash == "d0ee44b853eef36467eb5cb6c7f5c264613774fc4311b979affbe16038bbdddc"
    assert plain.hash != policy(asking("trains_on_prompts: yes")).hash
    assert policy(asking("trains_on_prompts: yes")).hash == policy(asking("trains_on_prompts: [true]")).hash


def test_what_is_decided_anew_is_looked_at_anew(policy: Callable[[str], Policy]) -> None:
    rules = policy(asking("trains_on_prompts: yes"))
    actions = [rules.decide(at(each), [], None).action for each in (BAD, replace(BAD, trains_on_prompts=None), BAD)]
    assert actions == [Action.BLOCK, Action.ALLOW, Action.BLOCK]


@pytest.mark.parametrize("model", [Provider, RetentionAsked, RegionAsked])
def test_every_key_is_described(model: type[Section]) -> None:
    assert [name for name, field in model.model_fields.items() if not field.description] == []


@pytest.mark.parametrize(("known", "answer"), [(True, Answer.YES), (False, Answer.NO), (None, Answer.UNKNOWN)])
def test_answers(known: bool | None, answer: Answer) -> None:
    assert Answer.of(known) is answer
    assert list(questions(None)) == []
