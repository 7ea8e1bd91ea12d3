from __future__ import annotations

import pytest

from promptguard.controls.assessing import assess
from promptguard.controls.outcome import Standing
from promptguard.controls.table import Part, all_controls
from promptguard.installation.presets import APPROVING, Preset

SET_UP = {"T2", "T19", "T27", "T38"}
"""What each company has to name itself: customers, acknowledgement, workspaces, who is who."""


@pytest.mark.parametrize("preset", [each for each in Preset if each is not Preset.TRIAL])
def test_a_preset_leaves_nothing_but_what_a_company_has_to_name(install, preset: Preset) -> None:
    assessed = assess(install(preset))
    approved = {"T10"} if APPROVING.get(preset) == frozenset() else set()  # of no approved tool, nothing is known
    assert {each.control.id for each in assessed if each.outcome.standing is Standing.MISSING} == SET_UP | approved


def test_a_trial_enforces_nothing_and_says_so(install) -> None:
    told = {each.control.id: each.outcome for each in assess(install(Preset.TRIAL))}
    assert all("monitor mode" in told[id].because for id in ("T1", "T3", "T4", "T7", "T9", "T12", "T14", "T24"))


def test_what_is_out_of_reach_is_told(install) -> None:
    out = {each.id for each in all_controls() if each.role == (Part.OUT_OF_REACH,)}
    assessed = assess(install())
    assert {each.control.id for each in assessed if each.outcome.standing is Standing.OUT_OF_REACH} == out == {"T35"}
