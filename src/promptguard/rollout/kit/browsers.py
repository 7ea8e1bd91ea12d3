"""Browsers' policies: the proxy, no way past it (QUIC, DNS over HTTPS, Encrypted Client Hello), and the CA.

Names and types are those of Chromium's policy list (https://chromeenterprise.google/policies/) and of Firefox'
(https://firefox-admin-docs.mozilla.org/).
"""

from __future__ import annotations

from typing import Any, Final

from promptguard.rollout.kit.interface import LOCAL, Rollout

CHROMIUM_FOLDERS: Final = (
    "/etc/chromium/policies/managed",
    "/etc/opt/chrome/policies/managed",
    "/etc/opt/edge/policies/managed",
    "/etc/brave/policies/managed",
)
"""Where Chromium, Chrome, Edge and Brave look on Linux."""
CHROMIUM_KEYS: Final = (r"Google\Chrome", r"Microsoft\Edge", r"BraveSoftware\Brave")
r"""Where they look on Windows, below `HKEY_LOCAL_MACHINE\Software\Policies`."""
CHROMIUM_DOMAINS: Final = ("com.google.Chrome", "com.microsoft.Edge", "com.brave.Browser")
"""Their preference domains on macOS."""
FIREFOX_FILE: Final = "/etc/firefox/policies/policies.json"
FIREFOX_KEY: Final = r"Mozilla\Firefox"
FIREFOX_DOMAIN: Final = "org.mozilla.firefox"


def chromium_policies(rollout: Rollout, *, certificate: bool = False) -> dict[str, Any]:
    """The policies of Chromium and what is made of it.

    Args:
        certificate: name the CA too, where the browser does not trust what the system trusts (Linux).
    """
    if rollout.pac is None:
        bypass = ";".join(("<local>", *rollout.direct))
        proxy: dict[str, Any] = {"ProxyMode": "fixed_servers", "ProxyServer": rollout.proxy, "ProxyBypassList": bypass}
    else:
        proxy = {"ProxyMode": "pac_script", "ProxyPacUrl": rollout.pac, "ProxyPacMandatory": True}
    policies: dict[str, Any] = {
        "ProxySettings": proxy,
        "QuicAllowed": False,
        "DnsOverHttpsMode": "off",
        "EncryptedClientHelloEnabled": False,
    }
    if certificate:
        policies["CACertificates"] = [rollout.base64]
    return policies


def firefox_policies(rollout: Rollout, *, certificate: str | None = None) -> dict[str, Any]:
    """Firefox' policies, as `policies` of its `policies.json` holds them.

    Args:
        certificate: the path of the CA's file, where Firefox cannot take it from the system's store (Linux).
    """
    if rollout.pac is None:
        proxy: dict[str, Any] = {
            "Mode": "manual",
            "HTTPProxy": rollout.address,
            "UseHTTPProxyForAllProtocols": True,
            "Passthrough": ", ".join((*LOCAL, *(each.removeprefix("*") for each in rollout.direct))),
        }
    else:
        proxy = {"Mode": "autoConfig", "AutoConfigURL": rollout.pac}
    certificates: dict[str, Any] = {"ImportEnterpriseRoots": True}
    if certificate:
        certificates["Install"] = [certificate]
    return {
        "Proxy": {**proxy, "Locked": True},
        "Certificates": certificates,
        "DNSOverHTTPS": {"Enabled": False, "Locked": True},
        "Preferences": {
            name: {"Value": False, "Status": "locked"}
            for name in ("network.http.http3.enable", "network.proxy.failover_direct", "network.dns.echconfig.enabled")
        },
    }
