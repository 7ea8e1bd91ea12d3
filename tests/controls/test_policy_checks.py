from __future__ import annotations

import pytest

from promptguard.controls import policy_checks
from promptguard.controls.outcome import Standing
from promptguard.installation.presets import Preset

MET, PARTLY, MISSING = Standing.MET, Standing.PARTLY, Standing.MISSING


@pytest.mark.parametrize(
    ("check", "balanced", "strict", "trial"),
    [
        (policy_checks.classes_ruled, MET, MET, MISSING),
        (policy_checks.access_logs_held, MET, MET, MISSING),
        (policy_checks.credentials_blocked, MET, MET, MISSING),
        (policy_checks.tenant_data_blocked, MET, MET, MISSING),
        (policy_checks.personal_data_minimised, MET, MET, MISSING),
        (policy_checks.unapproved_tools, PARTLY, MET, MISSING),
        (policy_checks.prohibited_tools, PARTLY, PARTLY, MISSING),
        (policy_checks.unread_blocked, MET, MET, MISSING),
    ],
)
def test_the_policy_is_asked(install, check, balanced: Standing, strict: Standing, trial: Standing) -> None:
    outcomes = [check(install(preset)) for preset in (Preset.BALANCED, Preset.STRICT, Preset.TRIAL)]
    assert [each.standing for each in outcomes] == [balanced, strict, trial]
    assert "monitor mode" in outcomes[2].because


def test_it_names_the_rules(install) -> None:
    assert policy_checks.credentials_blocked(install()).because == "block: rule `credentials`."
    told = policy_checks.personal_data_minimised(install()).because
    assert told == (
        "redact or block: rule `personal-data-at-approved-tools`, rule `personal-data-at-unapproved-tools`."
    )
