"""Lists that sentences are made of, one entry a line. Written by hand."""

from __future__ import annotations

from pathlib import Path


def lines(name: str) -> list[str]:
    """The entries of a list."""
    return Path(__file__).with_name(f"{name}.txt").read_text("utf-8").splitlines()
