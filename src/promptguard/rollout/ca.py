"""The CA of one installation, which laptops have to trust."""

from __future__ import annotations

from pathlib import Path

from mitmproxy import certs
from mitmproxy.options import KEY_SIZE

from promptguard.runtime.data_folder import DataFolder

# The name under which mitmproxy looks for its CA in `confdir`: see `DataFolder.ca_key`.
_STORE_NAME = "mitmproxy"


def make_ca(folder: DataFolder) -> Path:
    """Make this installation's CA unless there is one, and return the path of its certificate.

    The key stands beside it, readable by this user alone.
    """
    folder.ca.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not folder.ca_key.exists():
        certs.CertStore.create_store(folder.ca, _STORE_NAME, KEY_SIZE, organization="PromptGuard", cn="PromptGuard CA")
    made = folder.ca / f"{_STORE_NAME}-ca-cert.pem"
    folder.ca_certificate.write_bytes(made.read_bytes())
    return folder.ca_certificate
