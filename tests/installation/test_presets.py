from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from promptguard.cli import main
from promptguard.configuration.bundle import Bundle, load_bundle
from promptguard.installation.following import compare, follow, made_as, write_out
from promptguard.installation.presets import APPROVING, Preset, preset_files
from promptguard.model import (
    Action,
    Circumstances,
    DataClass,
    DataHandling,
    Destination,
    Finding,
    Identity,
    Inspection,
    Purpose,
    Status,
)
from promptguard.policy.schema import Mode

PAGE = (Path(__file__).parents[2] / "docs" / "presets.md").read_text("utf-8")
TRACED = (Preset.POLICY_A, Preset.POLICY_B, Preset.POLICY_C)
BLOCK, REDACT, ALLOW = Action.BLOCK, Action.REDACT, Action.ALLOW


@pytest.fixture(scope="module")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> dict[Preset, Bundle]:
    made = {}
    for preset in Preset:
        write_out(folder := tmp_path_factory.mktemp("presets") / preset, preset)
        made[preset] = load_bundle(folder)
    return made


def at(bundle: Bundle, status: Status, *, trains: bool | None = False) -> Destination:
    known = bundle.registry.destination("openai-api")
    assert known is not None
    return replace(known, status=status, data_handling=DataHandling(trains_on_prompts=trains))


@pytest.mark.parametrize("preset", Preset)
def test_nothing_in_it_is_doubtful(bundles: dict[Preset, Bundle], preset: Preset) -> None:
    assert not bundles[preset].doubts()


@pytest.mark.parametrize("preset", Preset)
def test_every_kind_of_data_has_a_rule_of_its_own(bundles: dict[Preset, Bundle], preset: Preset) -> None:
    for data_class in DataClass:
        assert any(data_class in rule.when.data_classes for rule in bundles[preset].policy.file.rules), data_class


def test_a_trial_is_the_balanced_policy_and_does_nothing(bundles: dict[Preset, Bundle]) -> None:
    trial, balanced = bundles[Preset.TRIAL].policy, bundles[Preset.BALANCED].policy
    assert trial.mode is Mode.MONITOR and balanced.mode is Mode.ENFORCE
    assert trial.file.rules == balanced.file.rules


@pytest.mark.parametrize(
    ("data_class", "status", "expected"),
    [
        # in the order balanced, strict, policy-a, policy-b, policy-c
        (DataClass.CREDENTIALS, Status.APPROVED, (BLOCK, BLOCK, BLOCK, BLOCK, BLOCK)),
        (DataClass.TENANT_DATA, Status.APPROVED, (BLOCK, BLOCK, BLOCK, BLOCK, BLOCK)),
        (DataClass.PERSONAL_DATA, Status.APPROVED, (REDACT, BLOCK, REDACT, REDACT, REDACT)),
        (DataClass.PERSONAL_DATA, Status.UNREVIEWED, (BLOCK, BLOCK, BLOCK, BLOCK, BLOCK)),
        (DataClass.ACCESS_LOGS, Status.APPROVED, (REDACT, BLOCK, BLOCK, REDACT, BLOCK)),
        (DataClass.CONFIDENTIAL_RECORDS, Status.APPROVED, (REDACT, BLOCK, BLOCK, BLOCK, BLOCK)),
        (DataClass.CONFIDENTIAL_RECORDS, Status.UNDER_REVIEW, (BLOCK, BLOCK, BLOCK, BLOCK, BLOCK)),
        (DataClass.SOURCE_CODE, Status.APPROVED_WITH_LIMITS, (ALLOW, ALLOW, ALLOW, ALLOW, ALLOW)),
        (DataClass.SOURCE_CODE, Status.UNREVIEWED, (BLOCK, BLOCK, BLOCK, BLOCK, BLOCK)),
        (None, Status.APPROVED, (ALLOW, ALLOW, ALLOW, ALLOW, ALLOW)),
        (None, Status.UNREVIEWED, (ALLOW, BLOCK, BLOCK, ALLOW, BLOCK)),
        (None, Status.PROHIBITED, (BLOCK, BLOCK, BLOCK, BLOCK, BLOCK)),
        (None, Status.PERSONAL_ACCOUNT, (BLOCK, BLOCK, BLOCK, BLOCK, BLOCK)),
    ],
)
def test_what_they_decide(
    bundles: dict[Preset, Bundle], data_class: DataClass | None, status: Status, expected: tuple[Action, ...]
) -> None:
    found = [Finding(0, 0, 9, "ANYTHING", data_class, 0.9, "Detector", "v")] if data_class else []
    decided = []
    for preset in (Preset.BALANCED, Preset.STRICT, *TRACED):
        circumstances = Circumstances(Identity("anna", "p_1"), at(bundles[preset], status), Purpose.PROMPT)
        decided.append(bundles[preset].policy.decide(circumstances, found, None).action)
    assert tuple(decided) == expected


@pytest.mark.parametrize(
    ("data_class", "purpose", "trains", "expected"),
    [
        # in the order balanced, strict, policy-a, policy-b, policy-c
        (DataClass.PERSONAL_DATA, Purpose.PROMPT, True, (REDACT, BLOCK, BLOCK, BLOCK, REDACT)),
        (DataClass.PERSONAL_DATA, Purpose.UPLOAD, None, (REDACT, BLOCK, BLOCK, REDACT, REDACT)),
        (DataClass.PERSONAL_DATA, Purpose.ACCOUNT, None, (REDACT, BLOCK, REDACT, REDACT, REDACT)),
        (DataClass.ACCESS_LOGS, Purpose.PROMPT, True, (REDACT, BLOCK, BLOCK, BLOCK, BLOCK)),
        (DataClass.ACCESS_LOGS, Purpose.PROMPT, None, (REDACT, BLOCK, BLOCK, REDACT, BLOCK)),
        (DataClass.SOURCE_CODE, Purpose.PROMPT, None, (ALLOW, ALLOW, ALLOW, ALLOW, ALLOW)),
        (None, Purpose.PROMPT, True, (ALLOW, ALLOW, ALLOW, ALLOW, ALLOW)),
    ],
)
def test_what_they_decide_where_models_may_be_trained(
    bundles: dict[Preset, Bundle],
    data_class: DataClass | None,
    purpose: Purpose,
    trains: bool | None,
    expected: tuple[Action, ...],
) -> None:
    found = [Finding(0, 0, 9, "ANYTHING", data_class, 0.9, "Detector", "v")] if data_class else []
    decided = []
    for preset in (Preset.BALANCED, Preset.STRICT, *TRACED):
        tool = at(bundles[preset], Status.APPROVED, trains=trains)
        decided.append(
            bundles[preset].policy.decide(Circumstances(Identity("anna", "p_1"), tool, purpose), found, None)
        )
    assert tuple(each.action for each in decided) == expected


@pytest.mark.parametrize("preset", Preset)
def test_where_only_approved_tools_may_be_used_nothing_is_approved_but_what_the_policy_names(
    bundles: dict[Preset, Bundle], preset: Preset
) -> None:
    shipped = bundles[Preset.BALANCED].registry
    registry, usable = bundles[preset].registry, (Status.APPROVED, Status.APPROVED_WITH_LIMITS)
    approved = {each.id for each in registry.destinations if each.status in usable}
    unread = Circumstances(Identity("anna", "p_1"), at(bundles[preset], Status.UNREVIEWED), Purpose.PROMPT)
    assert (bundles[preset].policy.decide(unread, [], None).action is BLOCK) is (preset in APPROVING)
    if preset in APPROVING:
        assert approved == APPROVING[preset]
        assert [each.id for each in registry.destinations] == [each.id for each in shipped.destinations]
    else:
        assert registry.destinations == shipped.destinations and approved


@pytest.mark.parametrize("preset", [each for each in Preset if each is not Preset.TRIAL])
def test_what_cannot_be_read_is_blocked(bundles: dict[Preset, Bundle], preset: Preset) -> None:
    approved = at(bundles[preset], Status.APPROVED)
    unread = Circumstances(Identity("anna", "p_1"), approved, Purpose.PROMPT, Inspection.NOT_INSPECTED)
    assert bundles[preset].policy.decide(unread, [], None).action is BLOCK


@pytest.mark.parametrize("preset", TRACED)
def test_each_sentence_that_a_rule_comes_from_is_in_the_table(bundles: dict[Preset, Bundle], preset: Preset) -> None:
    table = section(preset)
    for rule in bundles[preset].policy.file.rules:
        for sentence in re.findall(r'"([^"]+)"', " ".join(rule.source.split())):
            assert sentence.replace("|", "\\|") in table, rule.id


@pytest.mark.parametrize("preset", TRACED)
def test_each_rule_is_in_the_table_and_each_rule_of_the_table_is_there(
    bundles: dict[Preset, Bundle], preset: Preset
) -> None:
    named = set(re.findall(r"`([a-z]+(?:-[a-z]+)*)`", section(preset)))
    assert named == {rule.id for rule in bundles[preset].policy.file.rules if rule.source}


def section(preset: Preset) -> str:
    heading = f"## Policy {preset.value[-1].upper()}, sentence by sentence"
    return " ".join(PAGE.partition(heading)[2].partition("\n## ")[0].split())


def test_a_preset_is_followed_from_version_to_version(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["init", str(tmp_path / "mine"), "--preset", "policy-a"])
    assert result.exit_code == 0, result.output
    assert made_as(tmp_path / "mine") is Preset.POLICY_A
    assert not compare(tmp_path / "mine")
    follow(tmp_path / "mine")
    assert made_as(tmp_path / "mine") is Preset.POLICY_A
    assert (tmp_path / "mine" / "policy.yaml").read_bytes() == preset_files(Preset.POLICY_A)["policy.yaml"]
