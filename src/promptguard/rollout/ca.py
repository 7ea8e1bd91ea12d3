"""The CA of one installation, which laptops have to trust: made once, and changed for another one with an overlap."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from promptguard.errors import PromptGuardError
from promptguard.rollout.ca_certificates import new_key, self_signed, signed_by_older
from promptguard.rollout.ca_files import ANCHORS, Authority, pem, read_authority, replace, write_certificates
from promptguard.runtime.data_folder import DataFolder


def make_ca(folder: DataFolder, permitted: Sequence[str] = ()) -> Path:
    """Make this installation's CA unless there is one, and return the path of the certificate that laptops need.

    The key stands beside it, readable by this user alone. Of several processes that begin on one folder, one makes it.

    Args:
        permitted: the names that a new one may sign, with all below them; empty for all names.

    Raises:
        PromptGuardError: there is one that cannot be read.
    """
    folder.ca.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not folder.ca_key.exists():
        _make(folder, permitted)
    write_certificates(folder, read_authority(folder).anchor)
    return folder.ca_certificate


def _make(folder: DataFolder, permitted: Sequence[str]) -> None:
    """Put a CA in place, whole; where another process has just put one there, that one stays."""
    key = new_key()
    with tempfile.TemporaryDirectory(dir=folder.ca, prefix=".draft.") as name:
        draft = Path(name) / folder.ca_key.name
        replace(draft, pem(key, [self_signed(key, permitted)]), 0o600)
        try:
            os.link(draft, folder.ca_key)
        except FileExistsError:
            return
        except OSError:
            # A file system without hard links, such as a share of SMB: processes that begin together may each make one
            # there, and the last one's stays.
            if not folder.ca_key.exists():
                draft.replace(folder.ca_key)


def rotate(folder: DataFolder, permitted: Sequence[str] = (), *, overlap: bool = True) -> Authority:
    """Put a new CA in the place of the one there is. Proxies sign with it from their next start on.

    With an overlap the old one signs the new one's certificate first: laptops that trust either reach AI services,
    until the old one's time is over or `finish` is called. In both cases the old one's key is gone then.

    Args:
        permitted: see `make_ca`.
        overlap: without it, only laptops that trust the new one reach AI services: for a key that others have.

    Raises:
        PromptGuardError: there is no CA, or it cannot be read.
    """
    old = read_authority(folder)
    key = new_key()
    anchor = self_signed(key, permitted)
    chain = (signed_by_older(anchor, key, old.chain[0], old.key), *old.chain) if overlap else (anchor,)
    _write(folder, Authority(key, anchor, chain), old.anchor)
    return read_authority(folder)


def finish(folder: DataFolder) -> Authority:
    """End the overlap: from the proxies' next start on, only laptops that trust the new CA reach AI services.

    Raises:
        PromptGuardError: there is no CA, it cannot be read, or there is no overlap.
    """
    found = read_authority(folder)
    if found.before is None:
        raise PromptGuardError("There is no overlap to end: laptops have to trust this CA already.")
    _write(folder, Authority(found.key, found.anchor, (found.anchor,)), found.anchor)
    return read_authority(folder)


def _write(folder: DataFolder, authority: Authority, before: x509.Certificate) -> None:
    """Put a CA in place. Whenever this ends, the key that is there then finds its own anchor beside it.

    Args:
        before: the anchor of the CA that it takes the place of.
    """
    new, old = (each.public_bytes(Encoding.PEM) for each in (authority.anchor, before))
    replace(folder.ca / ANCHORS, new if new == old else new + old, 0o644)
    replace(folder.ca_key, pem(authority.key, authority.chain), 0o600)
    replace(folder.ca / ANCHORS, new, 0o644)
    (folder.ca / "mitmproxy-ca.p12").unlink(missing_ok=True)
    write_certificates(folder, authority.anchor)
