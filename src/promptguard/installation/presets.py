"""Configurations to begin with: the shipped one with another policy, chosen at `promptguard init`."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Final

from promptguard.installation.shipped import files_of, shipped_configuration

_FILES: Final = Path(__file__).resolve().parent / "preset_files"
_POLICY: Final = "policy.yaml"
_DESTINATIONS: Final = "destinations/"
_APPROVED: Final = re.compile(
    rb"^(  - id: (\S+)\n(?:(?!  - id: ).*\n)*?    status: )approved(?:_with_limits)?$", re.MULTILINE
)


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


APPROVING: Final[Mapping[Preset, frozenset[str]]] = {
    Preset.STRICT: frozenset(),
    Preset.POLICY_A: frozenset(),
    Preset.POLICY_C: frozenset({"microsoft-365-copilot", "m365-copilot-graph"}),
}
"""Presets that block what is not approved, and the services that their company's policy itself names as approved.

There, what is shipped as approved begins as `under_review`: whether a tool may be used is for the company to say.
"""


def preset_files(preset: Preset) -> Mapping[str, bytes]:
    """The files of a configuration folder that begins as a preset, by their paths in it, with `/`.

    Raises:
        OSError: one cannot be read.
    """
    shipped = dict(files_of(shipped_configuration()))
    if preset is Preset.TRIAL:
        return {**shipped, _POLICY: _monitoring(shipped[_POLICY])}
    if preset in APPROVING:
        shipped |= {
            path: _to_be_reviewed(content, APPROVING[preset])
            for path, content in shipped.items()
            if path.startswith(_DESTINATIONS)
        }
    return {**shipped, **(files_of(_FILES / preset) if preset is not Preset.BALANCED else {})}


def _to_be_reviewed(destinations: bytes, approved: Collection[str]) -> bytes:
    """The same services, of which no other than these are approved."""
    return _APPROVED.sub(
        lambda found: found[0] if found[2].decode() in approved else found[1] + b"under_review", destinations
    )


def _monitoring(policy: bytes) -> bytes:
    """The same policy in monitor mode."""
    enforced, monitored = b"\nmode: enforce\n", b"\nmode: monitor\n"
    assert policy.count(enforced) == 1
    return policy.replace(enforced, monitored)
