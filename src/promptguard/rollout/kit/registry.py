"""What Windows is told in its registry, and the two forms in which group policy and administrators take it."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from promptguard.rollout.kit.browsers import CHROMIUM_KEYS, FIREFOX_KEY, chromium_policies, firefox_policies
from promptguard.rollout.kit.interface import Rollout

POLICIES: Final = r"Software\Policies"
"""Where policies are, below `HKEY_LOCAL_MACHINE`."""
_INTERNET: Final = r"Microsoft\Windows\CurrentVersion\Internet Settings"


@dataclass(frozen=True, slots=True)
class RegistryValue:
    """One value below `HKEY_LOCAL_MACHINE`."""

    key: str
    name: str
    data: str | int | list[str]
    """`REG_SZ`, `REG_DWORD` or `REG_MULTI_SZ`."""


def registry_values(rollout: Rollout) -> list[RegistryValue]:
    """The system's proxy, and the policies of Chrome, Edge, Brave and Firefox."""
    return [*_system(rollout), *_chromium(rollout), *_firefox(rollout)]


def _system(rollout: Rollout) -> Iterator[RegistryValue]:
    """For the machine in place of each person: “Make proxy settings per-machine (rather than per-user)”."""
    yield RegistryValue(rf"{POLICIES}\{_INTERNET}", "ProxySettingsPerUser", 0)
    key = rf"Software\{_INTERNET}"
    if rollout.pac is not None:
        yield RegistryValue(key, "AutoConfigURL", rollout.pac)
        return
    yield RegistryValue(key, "ProxyEnable", 1)
    yield RegistryValue(key, "ProxyServer", rollout.proxy)
    yield RegistryValue(key, "ProxyOverride", ";".join(("<local>", *rollout.direct)))


def _chromium(rollout: Rollout) -> Iterator[RegistryValue]:
    for browser in CHROMIUM_KEYS:
        for name, value in chromium_policies(rollout).items():
            yield RegistryValue(rf"{POLICIES}\{browser}", name, _data(value))


def _firefox(rollout: Rollout) -> Iterator[RegistryValue]:
    key = rf"{POLICIES}\{FIREFOX_KEY}"
    for name, value in firefox_policies(rollout).items():
        if name == "Preferences":  # the one that is JSON
            yield RegistryValue(key, name, [json.dumps(value)])
        else:
            yield from (RegistryValue(rf"{key}\{name}", each, _data(value[each])) for each in value)


def _data(value: Any) -> str | int:
    if isinstance(value, bool):
        return int(value)
    return value if isinstance(value, str) else json.dumps(value)


def reg_file(values: Sequence[RegistryValue], *, remove: bool = False) -> bytes:
    """A file for `reg import`: UTF-16 with a byte order mark.

    Args:
        remove: take the values away in place of setting them.
    """
    lines = ["Windows Registry Editor Version 5.00"]
    for key in dict.fromkeys(value.key for value in values):
        lines += ["", rf"[HKEY_LOCAL_MACHINE\{key}]"]
        lines += (f'"{each.name}"={"-" if remove else _as_reg(each.data)}' for each in values if each.key == key)
    return ("\r\n".join(lines) + "\r\n").encode("utf-16")


def _as_reg(data: str | int | list[str]) -> str:
    match data:
        case int():
            return f"dword:{data:08x}"
        case str():
            quoted = data.replace("\\", "\\\\").replace('"', '\\"')
            return f'"{quoted}"'
        case _:
            return f"hex(7):{_binary(data)[1].hex(',')}"


def registry_pol(values: Sequence[RegistryValue]) -> bytes:
    """A file `Registry.pol`, as a group policy's folder `Machine` has it (Microsoft's [MS-GPREG], 2.2.1)."""
    return b"PReg" + struct.pack("<I", 1) + b"".join(map(_as_pol, values))


def _as_pol(value: RegistryValue) -> bytes:
    kind, data = _binary(value.data)
    names = (f"{part}\0".encode("utf-16-le") for part in (value.key, value.name))
    fields = (*names, struct.pack("<I", kind), struct.pack("<I", len(data)), data)
    separator = ";".encode("utf-16-le")
    return "[".encode("utf-16-le") + separator.join(fields) + "]".encode("utf-16-le")


def _binary(data: str | int | list[str]) -> tuple[int, bytes]:
    """The number of its type (Windows' `winnt.h`), and its bytes."""
    match data:
        case int():
            return 4, struct.pack("<I", data)
        case str():
            return 1, f"{data}\0".encode("utf-16-le")
        case _:
            return 7, ("".join(f"{each}\0" for each in data) + "\0").encode("utf-16-le")
