"""The public suffix list as it came with tldextract: nothing is fetched, nothing is written."""

from __future__ import annotations

import functools

import tldextract


@functools.cache
def _extractor() -> tldextract.TLDExtract:
    return tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)


def registrable(host: str) -> bool:
    """Whether a host name, or the host of an address or URL, lies under a public suffix."""
    found = _extractor()(host)
    return bool(found.domain and found.suffix)
