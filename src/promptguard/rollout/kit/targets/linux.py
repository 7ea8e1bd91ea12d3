"""Linux: scripts, for any device management that runs some, or for none."""

from __future__ import annotations

from collections.abc import Mapping

from promptguard.rollout.kit.checking import check_script
from promptguard.rollout.kit.interface import Rollout, Target
from promptguard.rollout.kit.readme import readme
from promptguard.rollout.kit.scripts import machine_script, user_script


class Linux(Target):
    """Debian, Ubuntu, Fedora, RHEL, SUSE, Arch, and WSL."""

    id = "linux"

    def files(self, rollout: Rollout) -> Mapping[str, bytes]:
        return {
            "promptguard-machine.sh": machine_script(rollout, "linux"),
            "promptguard-user.sh": user_script(rollout, "linux"),
            "promptguard-check.sh": check_script(rollout, "linux"),
            "README.txt": readme(rollout, self.id),
        }
