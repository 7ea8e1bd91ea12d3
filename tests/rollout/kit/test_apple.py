from __future__ import annotations

import plistlib
import uuid

from promptguard.rollout.kit import Rollout
from promptguard.rollout.kit.apple import configuration_profile

HEAD = {
    "PayloadType": str, "PayloadVersion": int, "PayloadIdentifier": str, "PayloadUUID": str, "PayloadDisplayName": str,
}  # fmt: skip


def test_a_profile_brings_certificate_proxy_and_policies(rollout: Rollout) -> None:
    profile = plistlib.loads(configuration_profile(rollout))
    payloads = {each["PayloadType"]: each for each in profile["PayloadContent"]}
    assert profile["PayloadType"] == "Configuration" and profile["PayloadScope"] == "System"
    assert "Contoso & Söhne" in profile["PayloadDisplayName"]
    assert payloads["com.apple.security.root"]["PayloadContent"] == rollout.der
    assert payloads["com.apple.proxy.http.global"]["ProxyPACURL"] == rollout.pac
    assert payloads["com.apple.proxy.http.global"]["ProxyPACFallbackAllowed"] is False
    assert payloads["com.google.Chrome"]["ProxySettings"]["ProxyPacMandatory"] is True
    assert payloads["org.mozilla.firefox"]["EnterprisePoliciesEnabled"] is True
    parts = [profile, *payloads.values()]
    assert all(type(part[name]) is kind for part in parts for name, kind in HEAD.items())
    assert len({uuid.UUID(part["PayloadUUID"]) for part in parts}) == len({*payloads}) + 1


def test_a_profile_is_the_same_each_time_and_knows_a_proxy_alone(rollout: Rollout, without_pac: Rollout) -> None:
    assert configuration_profile(rollout) == configuration_profile(rollout)
    payloads = plistlib.loads(configuration_profile(without_pac))["PayloadContent"]
    proxy = next(each for each in payloads if each["PayloadType"] == "com.apple.proxy.http.global")
    assert (proxy["ProxyType"], proxy["ProxyServer"], proxy["ProxyServerPort"]) == ("Manual", "2001:db8::1", 8443)
