"""Puts `config/` into the wheel, for who installs PromptGuard as a package; see `promptguard.installation.shipped`."""

from __future__ import annotations

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ConfigurationHook(BuildHookInterface[Any]):
    """A checkout is installed without a copy: there the folder at its top is the one."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """See hatchling, build hooks: `version` is `editable` for a checkout."""
        if version != "editable":
            build_data["force_include"]["config"] = "promptguard/installation/configuration"
