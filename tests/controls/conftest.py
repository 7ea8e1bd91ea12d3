from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from promptguard.configuration.bundle import Bundle, load_bundle
from promptguard.controls.outcome import Installation
from promptguard.installation.following import write_out
from promptguard.installation.presets import Preset

TODAY = "2026-11-30"

type Install = Callable[..., Installation]


@pytest.fixture(scope="session")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> dict[Preset, Bundle]:
    made = {}
    for preset in Preset:
        write_out(folder := tmp_path_factory.mktemp("presets") / preset, preset)
        made[preset] = load_bundle(folder)
    return made


@pytest.fixture
def install(bundles: dict[Preset, Bundle], tmp_path: Path) -> Install:
    """An installation of a preset; with other settings where some are given."""

    def made(preset: Preset = Preset.BALANCED, **settings: object) -> Installation:
        bundle = bundles[preset]
        if settings:
            changed = type(bundle.settings).model_validate({**bundle.settings.model_dump(by_alias=True), **settings})
            bundle = replace(bundle, settings=changed)
        return Installation(bundle, tmp_path, TODAY)

    return made
