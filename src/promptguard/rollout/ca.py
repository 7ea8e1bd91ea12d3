"""The CA of one installation, which laptops have to trust."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from mitmproxy import certs
from mitmproxy.options import KEY_SIZE

from promptguard.runtime.data_folder import DataFolder

# The name under which mitmproxy looks for its CA in `confdir`: see `DataFolder.ca_key`.
_STORE_NAME = "mitmproxy"


def make_ca(folder: DataFolder) -> Path:
    """Make this installation's CA unless there is one, and return the path of its certificate.

    The key stands beside it, readable by this user alone. Of several processes that begin on one folder, one makes it.
    """
    folder.ca.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not folder.ca_key.exists():
        _make(folder)
    _write_certificate(folder)
    return folder.ca_certificate


def _make(folder: DataFolder) -> None:
    """Put a CA in place, its key first and whole; where another process has just put one there, that one stays."""
    with tempfile.TemporaryDirectory(dir=folder.ca, prefix=".draft.") as name:
        draft = Path(name)
        certs.CertStore.create_store(draft, _STORE_NAME, KEY_SIZE, organization="PromptGuard", cn="PromptGuard CA")
        try:
            os.link(draft / folder.ca_key.name, folder.ca_key)
        except FileExistsError:
            return
        except OSError:
            # A file system without hard links, such as a share of SMB: processes that begin together may each make one
            # there, and the last one's stays.
            if folder.ca_key.exists():
                return
        for path in draft.iterdir():
            path.replace(folder.ca / path.name)


def _write_certificate(folder: DataFolder) -> None:
    """Write the certificate that belongs to the key: out of the key's own file, whatever stands beside it."""
    certificate = x509.load_pem_x509_certificate(folder.ca_key.read_bytes()).public_bytes(Encoding.PEM)
    if folder.ca_certificate.exists() and folder.ca_certificate.read_bytes() == certificate:
        return
    descriptor, draft = tempfile.mkstemp(dir=folder.ca, prefix=".draft.")
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(certificate)
    Path(draft).chmod(0o644)
    Path(draft).replace(folder.ca_certificate)
