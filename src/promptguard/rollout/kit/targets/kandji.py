"""Kandji."""

from __future__ import annotations

from collections.abc import Mapping

from promptguard.rollout.kit.interface import Rollout, Target
from promptguard.rollout.kit.macos import macos_files
from promptguard.rollout.kit.readme import readme


class Kandji(Target):
    """macOS under Kandji."""

    id = "kandji"

    def files(self, rollout: Rollout) -> Mapping[str, bytes]:
        return {**macos_files(rollout), "README.txt": readme(rollout, self.id)}
