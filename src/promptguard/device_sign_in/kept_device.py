"""What a device keeps of its sign-in, in a folder of its user's own."""

from __future__ import annotations

from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import orjson

from promptguard.device_sign_in.client import Device
from promptguard.errors import PromptGuardError
from promptguard.rollout.ca_files import replace

VARIABLES: Final = "proxy.env"
PAC: Final = "proxy.pac"
SIGNATURE: Final = "proxy.pac.sig"
DEVICE: Final = "device.json"
_MODE: Final = 0o600


def keep(folder: Path, device: Device, url: str) -> None:
    """Write what programs need into a folder that nobody else reads.

    Args:
        folder: made where it is not there.
        device: what was got.
        url: of the listener that gave it.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    proxy = with_credentials(device.proxies[0], device)
    replace(folder / VARIABLES, f"HTTPS_PROXY={proxy}\nhttps_proxy={proxy}\n".encode(), _MODE)
    told = {"url": url, "user": device.user, "expires_at": device.expires_at}
    told |= {"pac_url": device.pac_url, "pac_key": device.pac_key}
    replace(folder / DEVICE, orjson.dumps(told, option=orjson.OPT_INDENT_2), _MODE)


def keep_pac(folder: Path, content: bytes, signature: bytes) -> Path:
    """Write a PAC file and its signature; gives where it lies."""
    replace(folder / SIGNATURE, signature, _MODE)
    replace(folder / PAC, content, _MODE)
    return folder / PAC


def read_kept(folder: Path) -> dict[str, str]:
    """`url`, `user`, `expires_at`, `pac_url` and `pac_key` of a device.

    Raises:
        PromptGuardError: there is none in this folder.
    """
    try:
        said = orjson.loads((folder / DEVICE).read_bytes())
        return {name: str(said[name]) for name in ("url", "user", "expires_at", "pac_url", "pac_key")}
    except (OSError, ValueError, KeyError, TypeError):
        raise PromptGuardError(
            f"{folder / DEVICE}: there is no device here that has signed in. `promptguard devices sign-in` does so."
        ) from None


def with_credentials(proxy: str, device: Device) -> str:
    """The address of a proxy with the user and password of a device, which need no escaping (RFC 3986, 2.3)."""
    parts = urlsplit(proxy)
    return f"{parts.scheme}://{device.user}:{device.password}@{parts.netloc}"
