"""Jamf Pro."""

from __future__ import annotations

from collections.abc import Mapping

from promptguard.rollout.kit.interface import Rollout, Target
from promptguard.rollout.kit.macos import macos_files
from promptguard.rollout.kit.readme import readme


class Jamf(Target):
    """macOS under Jamf Pro."""

    id = "jamf"

    def files(self, rollout: Rollout) -> Mapping[str, bytes]:
        return {**macos_files(rollout), "README.txt": readme(rollout, self.id)}
