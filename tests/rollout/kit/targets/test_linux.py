from __future__ import annotations

from promptguard.rollout.kit import Rollout
from promptguard.rollout.kit.targets.linux import Linux


def test_scripts_for_the_machine_the_user_and_a_check(rollout: Rollout, without_pac: Rollout) -> None:
    for given in (rollout, without_pac):
        files = Linux().files(given)
        assert files.keys() == {
            "promptguard-machine.sh", "promptguard-user.sh", "promptguard-check.sh", "README.txt"
        }  # fmt: skip
        for name, content in files.items():
            assert name == "README.txt" or content.startswith(b"#!")
        assert given.url in files["promptguard-machine.sh"].decode("utf-8")
