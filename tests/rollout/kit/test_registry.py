from __future__ import annotations

import json
import re
import struct

import pytest

from promptguard.rollout.kit import Rollout
from promptguard.rollout.kit.registry import RegistryValue, reg_file, registry_pol, registry_values

CHROME = r"Software\Policies\Google\Chrome"
FIREFOX = r"Software\Policies\Mozilla\Firefox"


def read_pol(content: bytes) -> list[RegistryValue]:
    """What Windows reads in a `Registry.pol` ([MS-GPREG], 2.2.1), by the lengths that it states."""
    assert content[:8] == b"PReg" + struct.pack("<I", 1)
    at, values = 8, []

    def take(count: int) -> bytes:
        nonlocal at
        at += count
        return content[at - count : at]

    def sign(character: str) -> None:
        assert take(2).decode("utf-16-le") == character

    def text() -> str:
        read = ""
        while (character := take(2).decode("utf-16-le")) != "\0":
            read += character
        return read

    while at < len(content):
        sign("[")
        key = text()
        sign(";")
        name = text()
        sign(";")
        (kind,) = struct.unpack("<I", take(4))
        sign(";")
        (size,) = struct.unpack("<I", take(4))
        sign(";")
        data = take(size)
        sign("]")
        words = data.decode("utf-16-le").split("\0") if kind != 4 else []
        read = {1: lambda w=words: w[0], 4: lambda d=data: struct.unpack("<I", d)[0], 7: lambda w=words: w[:-2]}[kind]()
        values.append(RegistryValue(key, name, read))
    return values


@pytest.mark.parametrize("pac", [True, False])
def test_a_policy_file_reads_back_as_it_was(rollout: Rollout, without_pac: Rollout, pac: bool) -> None:
    values = registry_values(rollout if pac else without_pac)
    assert read_pol(registry_pol(values)) == values


def test_values_are_of_the_types_that_the_templates_of_browsers_state(rollout: Rollout, without_pac: Rollout) -> None:
    values = {(each.key, each.name): each.data for each in registry_values(rollout)}
    proxy = values[CHROME, "ProxySettings"]
    assert isinstance(proxy, str) and json.loads(proxy)["ProxyPacMandatory"] is True
    assert values[CHROME, "QuicAllowed"] == 0 and values[CHROME, "DnsOverHttpsMode"] == "off"
    assert values[rf"{FIREFOX}\Proxy", "Mode"] == "autoConfig" and values[rf"{FIREFOX}\Proxy", "Locked"] == 1
    preferences = values[FIREFOX, "Preferences"]
    assert isinstance(preferences, list) and "network.http.http3.enable" in json.loads(preferences[0])
    system = r"Software\Microsoft\Windows\CurrentVersion\Internet Settings"
    assert values[system, "AutoConfigURL"] == rollout.pac
    assert RegistryValue(system, "ProxyEnable", 1) in registry_values(without_pac)


def test_a_file_to_import_and_one_that_undoes_it(rollout: Rollout) -> None:
    values = registry_values(rollout)
    text, undo = reg_file(values).decode("utf-16"), reg_file(values, remove=True).decode("utf-16")
    assert '"QuicAllowed"=dword:00000000\r\n' in text
    assert r'"ProxySettings"="{\"ProxyMode\": \"pac_script\"' in text
    line = re.compile(r'\[HKEY_LOCAL_MACHINE\\.+\]|"\w+"=(dword:[0-9a-f]{8}|"(\\.|[^"\\])*"|hex\(7\):[0-9a-f,]+|-)|')
    assert all(line.fullmatch(each) for each in (text + undo).split("\r\n") if not each.endswith("Version 5.00"))
    assert undo.count("=-\r\n") == len(values)
