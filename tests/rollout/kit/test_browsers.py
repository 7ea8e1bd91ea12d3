"""Policies against a table of names and types: Chromium's policy list, and Firefox' administrator reference."""

from __future__ import annotations

from typing import Any

import pytest

from promptguard.rollout.kit import Rollout
from promptguard.rollout.kit.browsers import chromium_policies, firefox_policies

CHROMIUM: dict[str, Any] = {
    "ProxySettings": {
        "ProxyMode": {"direct", "auto_detect", "pac_script", "fixed_servers", "system"},
        "ProxyPacUrl": str,
        "ProxyPacMandatory": bool,
        "ProxyServer": str,
        "ProxyBypassList": str,
    },
    "QuicAllowed": bool,
    "DnsOverHttpsMode": {"off", "automatic", "secure"},
    "EncryptedClientHelloEnabled": bool,
    "CACertificates": [str],
}
PREFERENCE = {"Value": bool, "Status": {"default", "locked", "user", "clear"}}
FIREFOX: dict[str, Any] = {
    "Proxy": {
        "Mode": {"none", "system", "manual", "autoDetect", "autoConfig"},
        "Locked": bool,
        "HTTPProxy": str,
        "UseHTTPProxyForAllProtocols": bool,
        "Passthrough": str,
        "AutoConfigURL": str,
    },
    "Certificates": {"ImportEnterpriseRoots": bool, "Install": [str]},
    "DNSOverHTTPS": {"Enabled": bool, "Locked": bool},
    "Preferences": {
        "network.http.http3.enable": PREFERENCE,
        "network.proxy.failover_direct": PREFERENCE,
        "network.dns.echconfig.enabled": PREFERENCE,
    },
}


def fits(value: Any, schema: Any) -> bool:
    match schema:
        case dict():
            return isinstance(value, dict) and all(name in schema and fits(value[name], schema[name]) for name in value)
        case list():
            return isinstance(value, list) and all(fits(each, schema[0]) for each in value)
        case set():
            return value in schema
        case _:
            return type(value) is schema


@pytest.mark.parametrize("pac", [True, False])
def test_names_and_types_are_those_of_the_browsers(rollout: Rollout, without_pac: Rollout, pac: bool) -> None:
    given = rollout if pac else without_pac
    assert fits(chromium_policies(given, certificate=True), CHROMIUM)
    assert fits(firefox_policies(given, certificate="/ca.pem"), FIREFOX)


def test_with_a_pac_file_nothing_goes_direct_without_it(rollout: Rollout) -> None:
    chromium = chromium_policies(rollout)
    assert chromium["ProxySettings"] == {
        "ProxyMode": "pac_script",
        "ProxyPacUrl": rollout.pac,
        "ProxyPacMandatory": True,
    }
    assert not chromium["QuicAllowed"] and chromium["DnsOverHttpsMode"] == "off" and "CACertificates" not in chromium
    firefox = firefox_policies(rollout)
    assert firefox["Proxy"] == {"Mode": "autoConfig", "AutoConfigURL": rollout.pac, "Locked": True}
    assert all(each == {"Value": False, "Status": "locked"} for each in firefox["Preferences"].values())


def test_without_one_everything_goes_to_the_proxy_but_what_goes_past(without_pac: Rollout) -> None:
    assert chromium_policies(without_pac)["ProxySettings"] == {
        "ProxyMode": "fixed_servers",
        "ProxyServer": "https://[2001:db8::1]:8443",
        "ProxyBypassList": "<local>;*.internal.example",
    }
    proxy = firefox_policies(without_pac)["Proxy"]
    assert proxy["HTTPProxy"] == "[2001:db8::1]:8443"
    assert proxy["Passthrough"] == "localhost, 127.0.0.1, ::1, .internal.example"
