"""Whether devices can sign in with the company's accounts: else that is seen only when somebody tries."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from promptguard.configuration.device_sign_in_settings import DeviceSignInSettings
from promptguard.openid.failures import ProviderFailed
from promptguard.openid.provider import OpenIDProvider, open_provider
from promptguard.rollout.checks import CheckRow

_SUBJECT = "sign-on"


def sign_on(
    settings: DeviceSignInSettings | None, open: Callable[[DeviceSignInSettings], OpenIDProvider] = open_provider
) -> Iterator[CheckRow]:
    """Ask the provider what it says of itself. No row where there is none.

    Raises:
        ConfigError: the client's secret, or a certificate to trust, cannot be read.
    """
    if settings is None:
        return
    provider = open(settings)
    try:
        knows_devices = bool(provider.metadata().device_authorization)
    except ProviderFailed as error:
        yield CheckRow(_SUBJECT, False, f"devices cannot sign in: {error}")
        return
    if knows_devices:
        told = f"people begin at {settings.url}/device"
        yield CheckRow(_SUBJECT, True, f"{provider.host} answers, and signs devices in; {told}")
    else:
        told = "it has no device_authorization_endpoint: allow the device flow there"
        yield CheckRow(_SUBJECT, False, f"{provider.host} signs no devices in: {told}")
