"""Whether a person whom the proxy knows may be the one whose account of the console it is, as far as names tell."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable


def own_pseudonyms(account_name: str, pseudonym: Callable[[str], str]) -> set[str]:
    """Pseudonyms that look like an account's own: of its name, whole or before an `@`.

    Args:
        pseudonym: `Keys.pseudonym`.
    """
    names = {account_name, account_name.partition("@")[0]}
    return {pseudonym(each) for name in names for each in spelled(name)}


def spelled(name: str) -> set[str]:
    """A name as the proxy may know it: as it is written, and in small, capital and full-width letters made one."""
    plain = unicodedata.normalize("NFKC", name)
    kinds = (plain, plain.casefold(), plain.lower(), plain.upper(), plain.capitalize(), plain.title())
    return {name, *(each.strip() for each in kinds)} - {""}


def bare(name: str) -> str:
    """A name without its domain, before a backslash or behind an `@`, in small letters."""
    return unicodedata.normalize("NFKC", name).strip().rpartition("\\")[2].partition("@")[0].casefold()
