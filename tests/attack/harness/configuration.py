"""Configurations for the proxies under attack."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

CONFIG = Path(__file__).parents[3] / "config"


def configuration(folder: Path, settings: Mapping[str, Any]) -> Path:
    """A copy of the shipped configuration in which sections of promptguard.yaml are replaced."""
    shutil.copytree(CONFIG, folder)
    file = folder / "promptguard.yaml"
    content = (yaml.safe_load(file.read_text()) or {}) | dict(settings)
    file.write_text(yaml.safe_dump(content, sort_keys=False))
    return folder
