from __future__ import annotations

import plistlib

from promptguard.rollout.kit import Rollout
from promptguard.rollout.kit.macos import macos_files


def test_scripts_that_undo_differ_from_those_that_apply_in_what_they_do_where_nothing_is_said(rollout: Rollout) -> None:
    files = macos_files(rollout)
    assert plistlib.loads(files["promptguard.mobileconfig"])["PayloadType"] == "Configuration"
    for who in ("machine", "user"):
        apply, undo = (files[f"promptguard-{who}{kind}.sh"] for kind in ("", "-undo"))
        assert apply != undo
        assert apply.replace(b":-apply}", b":-undo}") == undo
    assert files["promptguard-check.sh"].startswith(b"#!")
