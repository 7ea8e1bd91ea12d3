from __future__ import annotations

from promptguard.rollout.kit import Rollout
from promptguard.rollout.kit.registry import registry_values
from promptguard.rollout.kit.targets.gpo import GroupPolicy


def test_the_registry_is_written_in_two_forms_and_undone_by_a_third(rollout: Rollout) -> None:
    files = GroupPolicy().files(rollout)
    values = registry_values(rollout)
    policy = files["Registry.pol"].decode("utf-16-le", "replace")
    written, undone = (files[name].decode("utf-16") for name in ("promptguard.reg", "promptguard-undo.reg"))
    assert values
    for value in values:
        assert value.name in policy
        assert f'"{value.name}"=' in written
        assert f'"{value.name}"=-' in undone
        assert f'"{value.name}"=-' not in written


def test_scripts_and_instructions_come_with_it(rollout: Rollout) -> None:
    files = GroupPolicy().files(rollout)
    assert any(name.endswith(".ps1") for name in files)
    assert rollout.url in files["README.txt"].decode("utf-8")
