"""Microsoft Intune."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from promptguard.rollout.kit.apple import configuration_profile
from promptguard.rollout.kit.interface import Rollout, Target
from promptguard.rollout.kit.readme import readme
from promptguard.rollout.kit.windows import machine_powershell, windows_files

_CSP = "./Vendor/MSFT"
"""Where Windows keeps its configuration service providers."""


class Intune(Target):
    """Windows, and the profile for macOS, under Microsoft Intune."""

    id = "intune"

    def files(self, rollout: Rollout) -> Mapping[str, bytes]:
        return {
            **windows_files(rollout),
            "promptguard-detect.ps1": machine_powershell(rollout, "check"),
            "promptguard-profile.json": (json.dumps(_profile(rollout), indent=2) + "\n").encode("utf-8"),
            "promptguard.mobileconfig": configuration_profile(rollout),
            "README.txt": readme(rollout, self.id),
        }


def _profile(rollout: Rollout) -> dict[str, Any]:
    """A `windows10CustomConfiguration` of Microsoft Graph, over the configuration service providers of Windows.

    RootCATrustedCertificates takes the certificate, NetworkProxy the proxy of the machine.
    """
    settings = [
        _setting(
            "Certificate authority",
            f"./Device/Vendor/MSFT/RootCATrustedCertificates/Root/{rollout.thumbprint}/EncodedCertificate",
            rollout.base64,
        ),
        _setting("Proxy for the machine", f"{_CSP}/NetworkProxy/ProxySettingsPerUser", 0),
        _setting("No automatic discovery", f"{_CSP}/NetworkProxy/AutoDetect", 0),
    ]
    if rollout.pac is not None:
        settings.append(_setting("PAC file", f"{_CSP}/NetworkProxy/SetupScriptUrl", rollout.pac))
    else:
        server = f"{_CSP}/NetworkProxy/ProxyServer"
        settings.append(_setting("Proxy", f"{server}/ProxyAddress", rollout.address))
        settings.append(_setting("Past the proxy", f"{server}/Exceptions", ";".join(("<local>", *rollout.direct))))
    return {
        "@odata.type": "#microsoft.graph.windows10CustomConfiguration",
        "displayName": f"PromptGuard ({rollout.organisation})",
        "omaSettings": settings,
    }


def _setting(name: str, uri: str, value: str | int) -> dict[str, Any]:
    kind = "Integer" if isinstance(value, int) else "String"
    return {"@odata.type": f"#microsoft.graph.omaSetting{kind}", "displayName": name, "omaUri": uri, "value": value}
