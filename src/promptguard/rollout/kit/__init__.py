"""The roll-out kit: what device management distributes, so that laptops go through the proxy and trust its CA."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from promptguard.discovery import classes_in, modules_of
from promptguard.errors import PromptGuardError
from promptguard.rollout.kit import targets
from promptguard.rollout.kit.interface import Rollout, Target

__all__ = ["Rollout", "Target", "load_targets", "write_kit"]


def load_targets() -> Mapping[str, Target]:
    """All targets by their ids."""
    made = [each() for module in modules_of(targets) for each in classes_in(module, Target)]
    return {target.id: target for target in made}


def write_kit(target: Target, rollout: Rollout, folder: Path) -> list[Path]:
    """Write a kit into a folder, and return the paths of its files.

    Raises:
        PromptGuardError: a file of the kit is there already, with other content.
    """
    files = {folder / name: content for name, content in target.files(rollout).items()}
    for path, content in files.items():
        if path.exists() and path.read_bytes() != content:
            raise PromptGuardError(f"{path} is there already and differs. Name another folder, or remove it first.")
    folder.mkdir(parents=True, exist_ok=True)
    for path, content in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return list(files)
