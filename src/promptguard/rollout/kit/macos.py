"""What all device managements of macOS are given."""

from __future__ import annotations

from promptguard.rollout.kit.apple import configuration_profile
from promptguard.rollout.kit.checking import check_script
from promptguard.rollout.kit.interface import Rollout
from promptguard.rollout.kit.scripts import machine_script, user_script


def macos_files(rollout: Rollout) -> dict[str, bytes]:
    """The profile, and scripts that apply or undo by themselves: not every management can pass a parameter."""
    return {
        "promptguard.mobileconfig": configuration_profile(rollout),
        "promptguard-machine.sh": machine_script(rollout, "macos"),
        "promptguard-machine-undo.sh": machine_script(rollout, "macos", "undo"),
        "promptguard-user.sh": user_script(rollout, "macos"),
        "promptguard-user-undo.sh": user_script(rollout, "macos", "undo"),
        "promptguard-check.sh": check_script(rollout, "macos"),
    }
