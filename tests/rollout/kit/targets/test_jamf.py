from __future__ import annotations

from promptguard.rollout.kit import Rollout
from promptguard.rollout.kit.macos import macos_files
from promptguard.rollout.kit.targets.jamf import Jamf


def test_it_has_what_macs_need_and_its_own_instructions(rollout: Rollout) -> None:
    files = dict(Jamf().files(rollout))
    readme = files.pop("README.txt").decode("utf-8")
    assert files == macos_files(rollout)
    assert "Jamf" in readme
