"""The public suffix list as it came with tldextract: nothing is fetched, nothing is written."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from promptguard.deferral import import_deferring

if TYPE_CHECKING:
    from tldextract import TLDExtract

# What it would fetch a list with is not imported.
import_deferring("tldextract.cache", "tldextract.suffix_list", "tldextract.tldextract")


@functools.cache
def extractor() -> TLDExtract:
    """Takes a host name, or the host of an address or URL, apart at its public suffix. It has 6 MB of suffixes."""
    from tldextract import TLDExtract

    return TLDExtract(suffix_list_urls=(), cache_dir=None)


def registrable(host: str) -> bool:
    """Whether a host name, or the host of an address or URL, lies under a public suffix."""
    found = extractor()(host)
    return bool(found.domain and found.suffix)
