"""The instructions that come with each kit: `templates/TARGET.txt`."""

from __future__ import annotations

from promptguard.rollout.kit.filling import filled
from promptguard.rollout.kit.interface import Rollout

_FIREWALL = """
At the firewall, block TCP and UDP port 443 from laptops to anything but the proxy: programs that know
of no proxy go direct."""


def readme(rollout: Rollout, target: str) -> bytes:
    """A plain text in UTF-8: in steps what goes where, and how to undo it.

    Args:
        target: its id.
    """
    facts = [
        f"For:      {rollout.organisation}",
        f"Proxy:    {rollout.url}",
        f"PAC file: {rollout.pac or 'none: browsers send everything to the proxy'}",
        f"CA:       {rollout.thumbprint} (SHA-1)",
    ]
    return filled(f"{target}.txt", {"FACTS": "\n".join(facts), "FIREWALL": _FIREWALL}).encode("utf-8")
