from __future__ import annotations

import json
import plistlib

from promptguard.rollout.kit import Rollout
from promptguard.rollout.kit.targets.intune import Intune


def test_intune_has_settings_of_graph(rollout: Rollout, without_pac: Rollout) -> None:
    """Each of a type that `windows10CustomConfiguration` knows, with a value of that type."""
    for given in (rollout, without_pac):
        profile = json.loads(Intune().files(given)["promptguard-profile.json"])
        assert profile["@odata.type"] == "#microsoft.graph.windows10CustomConfiguration"
        kinds = {"#microsoft.graph.omaSettingString": str, "#microsoft.graph.omaSettingInteger": int}
        for setting in profile["omaSettings"]:
            assert type(setting["value"]) is kinds[setting["@odata.type"]]
            assert setting["omaUri"].startswith("./")
        uris = {setting["omaUri"].rpartition("/")[2]: setting["value"] for setting in profile["omaSettings"]}
        assert uris["EncodedCertificate"] == given.base64
        assert uris.get("SetupScriptUrl", uris.get("ProxyAddress")) == (given.pac or given.address)


def test_what_goes_past_the_proxy_is_said_where_no_pac_file_says_it(rollout: Rollout, without_pac: Rollout) -> None:
    def exceptions(given: Rollout) -> list[str]:
        settings = json.loads(Intune().files(given)["promptguard-profile.json"])["omaSettings"]
        return [each["value"] for each in settings if each["omaUri"].endswith("/Exceptions")]

    assert exceptions(without_pac) == ["<local>;*.internal.example"]
    assert exceptions(rollout) == []


def test_macs_have_a_profile_and_windows_a_script_that_detects(rollout: Rollout) -> None:
    files = Intune().files(rollout)
    assert plistlib.loads(files["promptguard.mobileconfig"])["PayloadType"] == "Configuration"
    assert "promptguard-detect.ps1" in files
