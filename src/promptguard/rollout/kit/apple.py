"""The configuration profile for macOS (Apple's “Device Management”: CertificateRoot, GlobalHTTPProxy)."""

from __future__ import annotations

import plistlib
from typing import Any

from promptguard.rollout.kit.browsers import (
    CHROMIUM_DOMAINS,
    FIREFOX_DOMAIN,
    chromium_policies,
    firefox_policies,
)
from promptguard.rollout.kit.interface import Rollout


def configuration_profile(rollout: Rollout) -> bytes:
    """A `.mobileconfig` for the device channel: the CA, the proxy of the system, and the policies of browsers.

    Its identifiers stay the same as long as the CA does, so that a changed profile takes the place of the one before.
    """
    payloads = [
        _payload(
            rollout,
            "com.apple.security.root",
            "Certificate authority",
            {"PayloadContent": rollout.der, "PayloadCertificateFileName": "promptguard.cer"},
        ),
        _payload(rollout, "com.apple.proxy.http.global", "Proxy", _proxy(rollout)),
        *(_payload(rollout, domain, domain, chromium_policies(rollout)) for domain in CHROMIUM_DOMAINS),
        _payload(rollout, FIREFOX_DOMAIN, "Firefox", {"EnterprisePoliciesEnabled": True, **firefox_policies(rollout)}),
    ]
    profile = {
        **_head(rollout, "Configuration", f"PromptGuard ({rollout.organisation})", "profile"),
        "PayloadOrganization": rollout.organisation,
        "PayloadScope": "System",
        "PayloadRemovalDisallowed": False,
        "PayloadContent": payloads,
    }
    return plistlib.dumps(profile)


def _proxy(rollout: Rollout) -> dict[str, Any]:
    if rollout.pac is None:
        return {"ProxyType": "Manual", "ProxyServer": rollout.host, "ProxyServerPort": rollout.port}
    return {"ProxyType": "Auto", "ProxyPACURL": rollout.pac, "ProxyPACFallbackAllowed": False}


def _payload(rollout: Rollout, kind: str, name: str, content: dict[str, Any]) -> dict[str, Any]:
    return {**_head(rollout, kind, name, kind), **content}


def _head(rollout: Rollout, kind: str, name: str, part: str) -> dict[str, Any]:
    return {
        "PayloadType": kind,
        "PayloadVersion": 1,
        "PayloadIdentifier": f"promptguard.client.{part}",
        "PayloadUUID": rollout.identifier(part),
        "PayloadDisplayName": name,
    }
