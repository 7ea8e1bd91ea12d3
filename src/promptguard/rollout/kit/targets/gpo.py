"""Group policy of Active Directory."""

from __future__ import annotations

from collections.abc import Mapping

from promptguard.rollout.kit.admx import policy_definitions
from promptguard.rollout.kit.interface import Rollout, Target
from promptguard.rollout.kit.readme import readme
from promptguard.rollout.kit.registry import reg_file, registry_pol, registry_values
from promptguard.rollout.kit.windows import windows_files


class GroupPolicy(Target):
    """Windows under group policy."""

    id = "gpo"

    def files(self, rollout: Rollout) -> Mapping[str, bytes]:
        values = registry_values(rollout)
        return {
            **windows_files(rollout),
            "Registry.pol": registry_pol(values),
            "promptguard.reg": reg_file(values),
            "promptguard-undo.reg": reg_file(values, remove=True),
            **policy_definitions(rollout),
            "README.txt": readme(rollout, self.id),
        }
