"""The listener of devices, put together from what is configured."""

from __future__ import annotations

from collections.abc import Callable

from promptguard.configuration.bundle import Bundle
from promptguard.configuration.settings import Settings
from promptguard.device_sign_in.pac_files import PacFiles
from promptguard.device_sign_in.server import DeviceServer
from promptguard.device_sign_in.sign_ins import SignIns
from promptguard.keys import Keys


def open_device_server(settings: Settings, bundle: Callable[[], Bundle], keys: Keys) -> DeviceServer:
    """See `DeviceServer`.

    Raises:
        PromptGuardError: nothing can listen there, or the certificate cannot be used.
    """
    sign_ins = SignIns(lambda: bundle().settings.identity.openid, keys.devices, keys.pseudonym)
    pac_files = PacFiles(keys.devices, lambda: bundle().identities.device_revocations)
    return DeviceServer(settings, bundle, sign_ins, pac_files)
