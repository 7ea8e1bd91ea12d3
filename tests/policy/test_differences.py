from __future__ import annotations

from typing import Any

import orjson
import pytest

from promptguard.policy.differences import differences
from promptguard.policy.schema import PolicyFile

MAIL = {"id": "mail", "when": {"data_classes": ["personal_data"]}, "action": "redact", "reason": "Mail."}
KEYS = {"id": "keys", "when": {"data_classes": ["credentials"]}, "action": "block", "reason": "Keys."}
ALL = {"id": "all", "action": "allow", "reason": "All else."}


def policy(*rules: dict[str, Any], **members: Any) -> PolicyFile:
    return PolicyFile.model_validate_json(orjson.dumps({"version": "1", **members, "rules": [*rules, ALL]}))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (policy(MAIL), policy(MAIL), []),
        (policy(MAIL), policy(MAIL, version="2"), ["version changed: 1 → 2"]),
        (policy(), policy(MAIL), ["rule ‘mail’ added: redact: Mail."]),
        (policy(MAIL), policy(), ["rule ‘mail’ removed: redact"]),
        (policy(MAIL), policy({**MAIL, "action": "block"}), ["rule ‘mail’ changed: action redact → block"]),
        (
            policy(MAIL),
            policy({**MAIL, "when": {"data_classes": ["credentials"]}}),
            ["rule ‘mail’ changed: when.data_classes +credentials -personal_data"],
        ),
        (
            policy(MAIL),
            policy({**MAIL, "when": {**MAIL["when"], "provider": {"trains_on_prompts": ["yes", "unknown"]}}}),
            ["rule ‘mail’ changed: when.provider.trains_on_prompts (default) → yes, unknown"],
        ),
        (
            policy({**MAIL, "when": {**MAIL["when"], "provider": {"retention_days": {"over": 30}}}}),
            policy({**MAIL, "when": {**MAIL["when"], "provider": {"retention_days": {"over": 90}}}}),
            ["rule ‘mail’ changed: when.provider.retention_days.over 30 → 90"],
        ),
        (policy(MAIL), policy({**MAIL, "mode": "monitor"}), ["rule ‘mail’ changed: mode (default) → monitor"]),
        (
            policy(MAIL, KEYS),
            policy(KEYS, MAIL),
            ["rule ‘mail’ moved: it stands behind rules that it stood before"],
        ),
        (policy(MAIL), policy(KEYS, MAIL), ["rule ‘keys’ added: block: Keys."]),
        (policy(), policy(mode="monitor"), ["mode changed: (default) → monitor"]),
    ],
)
def test_what_differs(old: PolicyFile, new: PolicyFile, told: list[str]) -> None:
    assert list(map(str, differences(old, new))) == told
