"""A small configuration folder, and edits of it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

SHIPPED = Path(__file__).parents[2] / "config"

POLICY = """\
version: "7"
rules:
  - id: everything
    action: allow
    reason: Because.
"""
DESTINATIONS = """\
destinations:
  - id: some-api
    name: Some API
    hosts: api.example.com
    kind: api
    status: approved
    format: openai_chat
"""
ANOTHER = """\
  - {id: other, name: Other, hosts: other.example.com, kind: api, status: approved, alternatives: some-api}
"""


def small_configuration(folder: Path) -> Path:
    """The folder, with a policy, one destination and English notices in it."""
    (folder / "notices").mkdir(parents=True)
    shutil.copy(SHIPPED / "notices" / "en.yaml", folder / "notices")
    (folder / "policy.yaml").write_text(POLICY)
    (folder / "destinations.yaml").write_text(DESTINATIONS)
    return folder


def edit(path: Path, text: str) -> None:
    """Write a file so that its time differs, however coarse the file system's clock is."""
    before = path.stat().st_mtime_ns if path.exists() else 0
    path.write_text(text)
    os.utime(path, ns=(before + 1_000_000_000, before + 1_000_000_000))
