from pathlib import Path

import pytest

from promptguard.errors import ConfigError
from promptguard.policy.schema import Excluded, Hash, Mask, PolicyFile, RuleEntry, When
from promptguard.typed_yaml.fields import Section
from promptguard.typed_yaml.reading import load

REST = "- {id: rest, action: block, reason: R.}\n"


@pytest.mark.parametrize(
    ("text", "line", "part"),
    [
        ("version: '1'\nrules: []\n", 2, "there are no rules"),
        ("rules:\n" + REST, 1, "the key ‘version’ is missing here"),
        ("version: 1\nrules:\n" + REST, 1, 'It should be text: write `version: "1"`.'),
        ("version: '1'\nmode: enforced\nrules:\n" + REST, 2, "Did you mean ‘enforce’?"),
        (f"version: '1'\nrules:\n{REST}{REST}", 4, "another rule has the id ‘rest’ too"),
        ("version: '1'\nrules:\n- {id: a, when: {status: approved}, action: block, reason: R.}\n", 3, "the last rule"),
        ("version: '1'\nrules:\n- id: a\n  mode: monitor\n  action: block\n  reason: R.\n", 4, "is not enforced"),
        (
            "version: '1'\nrules:\n- id: a\n  enforced_for: pilots\n  action: block\n  reason: R.\n" + REST,
            4,
            "a rule that is not in monitor mode is in force for everybody",
        ),
        ("version: '1'\nrules:\n- id: a\n  action: blok\n  reason: R.\n" + REST, 4, "Did you mean ‘block’?"),
        ("version: '1'\nrules:\n- id: a\n  action: block\n" + REST, 3, "the key ‘reason’ is missing"),
        ("version: '1'\nrules:\n- id: A b\n  action: block\n  reason: R.\n" + REST, 3, "‘A b’ is no value for ‘id’"),
        (
            "version: '1'\nrules:\n- id: a\n  when:\n    data_class: credentials\n  action: block\n  reason: R.\n"
            + REST,
            5,
            "Did you mean ‘data_classes’?",
        ),
        (
            "version: '1'\nrules:\n- id: a\n  when:\n    data_classes:\n    - credential\n  action: block\n"
            "  reason: R.\n" + REST,
            6,
            "Did you mean ‘credentials’?",
        ),
        (
            "version: '1'\nrules:\n- id: a\n  when:\n    not:\n      min_score: 1\n  action: block\n  reason: R.\n"
            + REST,
            6,
            "no key ‘min_score’",
        ),
        (
            "version: '1'\nrules:\n- id: a\n  when:\n    min_score: 2\n  action: block\n  reason: R.\n" + REST,
            5,
            "It should be at most 1.",
        ),
        (
            "version: '1'\nrules:\n- id: a\n  when:\n    roles: user\n    findings: none\n  action: block\n"
            "  reason: R.\n" + REST,
            6,
            "nothing in them cannot ask",
        ),
        (
            "version: '1'\nrules:\n- id: a\n  when: {status: approved}\n  action: redact\n  reason: R.\n" + REST,
            5,
            "this rule redacts, but does not say what",
        ),
        (
            "version: '1'\nrules:\n- id: a\n  action: block\n  reason: R.\n  announce: true\n" + REST,
            6,
            "only a rule that redacts",
        ),
        ("version: '1'\noperators:\n  PERSON: {type: maks}\nrules:\n" + REST, 3, "‘PERSON’"),
        ("version: '1'\noperators:\n  PERSON: {type: mask, char: x}\nrules:\n" + REST, 3, "no key ‘char’"),
        ("version: '1'\noperators:\n  person: {type: mask}\nrules:\n" + REST, 3, "‘person’ is not right"),
    ],
)
def test_mistakes(tmp_path: Path, text: str, line: int, part: str) -> None:
    path = tmp_path / "policy.yaml"
    path.write_text(text)
    with pytest.raises(ConfigError) as caught:
        load(path, PolicyFile)
    assert part in str(caught.value)
    assert caught.value.line == line


@pytest.mark.parametrize("model", [PolicyFile, RuleEntry, When, Excluded, Mask, Hash])
def test_every_key_is_described(model: type[Section]) -> None:
    assert [name for name, field in model.model_fields.items() if not field.description and name != "type"] == []
