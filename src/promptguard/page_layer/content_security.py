"""Lets one inline script through a page's Content-Security-Policy (W3C, CSP Level 3), and nothing else.

A policy is extended by the hash of the script's very text, in the directive that governs inline scripts, and only where
the policy would stop the script. Nothing else can match that hash. What is not ours to extend has no layer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

HEADERS: Final = ("content-security-policy", "content-security-policy-report-only")
"""A policy that only reports is extended too: a site is not to be told of violations that are ours."""

_GOVERNING_INLINE_SCRIPTS: Final = ("script-src-elem", "script-src", "default-src")
"""The first of them that a policy has counts (6.8.3)."""

_GOVERNING_CONNECTIONS: Final = ("connect-src", "default-src")

_ASCII_BLANKS: Final = " \t\n\f\r"
_BLANKS: Final = re.compile("[ \t\n\f\r]+")
_NONCE_OR_HASH: Final = re.compile(r"'(nonce-|sha256-|sha384-|sha512-).+'", re.IGNORECASE)
_ORIGIN_ITSELF: Final = frozenset(("'self'", "*", "https:"))


def extended(values: Sequence[str], source: str) -> list[str] | None:
    """The values of one header with `source` (`'sha256-…'`) where each of their policies needs it.

    None where a policy takes scripts or its origin from the page (`sandbox`).
    """
    out = []
    for value in values:
        policies = value.split(",")
        if any(_shuts_in(policy) for policy in policies):
            return None
        out.append(",".join(_extended(policy, source) for policy in policies))
    return out


def may_ask(values: Sequence[str]) -> bool:
    """Whether a script of the page may make requests to the page's own origin, as far as is certain."""
    policies = [policy for value in values for policy in value.split(",")]
    return all(_allows_itself(_sources(policy, _GOVERNING_CONNECTIONS)) for policy in policies)


def _directives(policy: str) -> Iterator[tuple[int, str, list[str]]]:
    """Position, name and values of each directive that counts: of several of one name, the first (2.2.1)."""
    seen = set()
    for position, directive in enumerate(policy.split(";")):
        name, *values = _BLANKS.split(directive.strip(_ASCII_BLANKS))
        name = name.lower()
        if name and name not in seen:
            seen.add(name)
            yield position, name, values


def _governing(policy: str, names: Sequence[str]) -> tuple[int, list[str]] | None:
    found = {name: (position, values) for position, name, values in _directives(policy)}
    return next((found[name] for name in names if name in found), None)


def _sources(policy: str, names: Sequence[str]) -> list[str] | None:
    """The sources of the directive that governs; None where everything is allowed."""
    governing = _governing(policy, names)
    return None if governing is None else governing[1]


def _shuts_in(policy: str) -> bool:
    flags = next((values for _, name, values in _directives(policy) if name == "sandbox"), None)
    return flags is not None and not {"allow-scripts", "allow-same-origin"} <= {flag.lower() for flag in flags}


def _allows_itself(sources: Sequence[str] | None) -> bool:
    return sources is None or not _ORIGIN_ITSELF.isdisjoint(each.lower() for each in sources)


def _allows_inline(sources: Sequence[str]) -> bool:
    """Whether any inline script runs. A nonce, a hash or `'strict-dynamic'` ends what `'unsafe-inline'` allows."""
    lowered = {each.lower() for each in sources}
    if "'unsafe-inline'" not in lowered or "'strict-dynamic'" in lowered:
        return False
    return not any(_NONCE_OR_HASH.fullmatch(each) for each in sources)


def _extended(policy: str, source: str) -> str:
    governing = _governing(policy, _GOVERNING_INLINE_SCRIPTS)
    if governing is None or _allows_inline(governing[1]) or source in governing[1]:
        return policy
    position, sources = governing
    directives = policy.split(";")
    if _BLANKS.split(directives[position].strip(_ASCII_BLANKS))[0].lower() == "default-src":
        # A hash in there would govern styles too, and end what 'unsafe-inline' allows them.
        own = [each for each in sources if each.lower() != "'none'"]
        return ";".join([*directives, " " + " ".join(["script-src-elem", *own, source])])
    directive = directives[position].rstrip()
    if [each.lower() for each in sources] == ["'none'"]:  # beside another source it would count for nothing
        directive = directive[: -len("'none'")].rstrip()
    directives[position] = f"{directive} {source}"
    return ";".join(directives)
