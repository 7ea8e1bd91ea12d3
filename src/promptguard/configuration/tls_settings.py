"""TLS between laptops and the proxy: the section `tls` of `promptguard.yaml`."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from pathlib import Path

from pydantic import Field

from promptguard.errors import ConfigError
from promptguard.typed_yaml.fields import Section


class TlsSettings(Section):
    """The proxy's own certificate. Clients begin TLS on the port that the proxy listens on anyhow."""

    certificate: Path = Field(
        description=(
            "The certificate for the name by which laptops reach the proxy, with those between it and its CA (PEM); a "
            "relative path starts at the configuration folder."
        )
    )
    key: Path = Field(description="Its private key (PEM, without a password), likewise.")
    only: bool = Field(
        default=False,
        description="Whether clients that speak to the proxy without TLS are refused.",
    )


def check_pair(settings: TlsSettings, error: Callable[[tuple[str, ...], str, str], ConfigError]) -> None:
    """See that key and certificate belong together.

    Args:
        settings: with absolute paths.
        error: makes an error at a place, with problem and remedy.

    Raises:
        ConfigError: they do not, or cannot be read.
    """
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(settings.certificate, settings.key, lambda: "")
    except (OSError, ValueError):
        problem = f"{settings.certificate.name} and {settings.key.name} are no certificate and its key"
        raise error(("tls", "key"), problem, "Name a certificate (PEM) and the key it was made with.") from None
