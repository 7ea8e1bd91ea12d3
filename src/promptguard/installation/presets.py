"""Configurations to begin with: the shipped one with another policy, chosen at `promptguard init`."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Final

from promptguard.installation.shipped import files_of, shipped_configuration

_FILES: Final = Path(__file__).resolve().parent / "preset_files"
_POLICY: Final = "policy.yaml"


class Preset(StrEnum):
    """What a configuration begins as."""

    BALANCED = "balanced"
    """What is shipped: replaced at approved tools, blocked elsewhere."""
    STRICT = "strict"
    """Approved tools alone, and nothing sensitive leaves, not even replaced."""
    TRIAL = "trial"
    """As `balanced`, and nothing is done: what would have been done is recorded."""
    POLICY_A = "policy-a"
    """A software company's AI policy."""
    POLICY_B = "policy-b"
    """An AI development and customer-data policy."""
    POLICY_C = "policy-c"
    """A service provider's acceptable-use policy."""


def preset_files(preset: Preset) -> Mapping[str, bytes]:
    """The files of a configuration folder that begins as a preset, by their paths in it, with `/`.

    Raises:
        OSError: one cannot be read.
    """
    shipped = dict(files_of(shipped_configuration()))
    if preset is Preset.TRIAL:
        return {**shipped, _POLICY: _monitoring(shipped[_POLICY])}
    return {**shipped, **(files_of(_FILES / preset) if preset is not Preset.BALANCED else {})}


def _monitoring(policy: bytes) -> bytes:
    """The same policy in monitor mode."""
    enforced, monitored = b"\nmode: enforce\n", b"\nmode: monitor\n"
    assert policy.count(enforced) == 1
    return policy.replace(enforced, monitored)
