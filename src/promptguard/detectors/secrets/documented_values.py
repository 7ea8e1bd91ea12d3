"""Keys that vendors and standards print as examples, and those of emulators, which are the same everywhere.

Each is written here in two parts, so that scanners of repositories do not take this file for a leak.
"""

from __future__ import annotations

from typing import Final

DOCUMENTED: Final = frozenset(
    "".join(parts).lower()
    for parts in (
        # AWS, "AWS security credentials" and "Signature Version 4"
        ("AKIAIOSFODNN7", "EXAMPLE"),
        ("wJalrXUtnFEMI/K7MDENG/", "bPxRfiCYEXAMPLEKEY"),
        ("AKIAI44QH8DHB", "EXAMPLE"),
        ("je7MtGbClwBF/2Zp9Utk/", "h3yCo8nvbEXAMPLEKEY"),
        # Google, "Key URI Format" of the Authenticator; RFC 6238, appendix B, in base32
        ("JBSWY3DP", "EHPK3PXP"),
        ("GEZDGNBVGY3TQOJQ", "GEZDGNBVGY3TQOJQ"),
        ("HXDMVJECJJWSRB3H", "WIZR4IFUGFTMXBOZ"),
        # Stripe's documentation
        ("sk_test_4eC39HqLyj", "WDarjtT1zdp7dc"),
        ("sk_test_BQokikJOvB", "iI2HlWgH4olfQ2"),
        ("sk_test_tR3PYbcVNZ", "ZGGCS58H7ECTVI"),
        # GitHub's documentation
        ("ghp_16C7e42F292c69", "12E7710c838347Ae178B4a"),
        ("gho_16C7e42F292c69", "12E7710c838347Ae178B4a"),
        ("ghu_16C7e42F292c69", "12E7710c838347Ae178B4a"),
        # Azurite and the Azure Cosmos DB emulator
        ("Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErC", "z4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="),
        ("C2y6yDjf5/R+ob0N8A7Cgv30VRDJIWEHLM+4QDU5DE2nQ9nDuVTqobD4", "b8mGGyPMbIZnqyMsEcaGQy67XIw/Jw=="),
        # jwt.io; RFC 7519, 3.1; RFC 7515, appendix A.1
        ("SflKxwRJSMeKKF2QT4", "fwpMeJf36POk6yJV_adQssw5c"),
        ("dBjftJeZ4CVP-mB92K", "27uhbUJU1p1r_wW1gFWFOEjXk"),
        # RFC 6749 and RFC 6750: client secret, codes and tokens
        ("gX1fBat", "3bV"),
        ("7Fjfp0ZBr1Kt", "DRbnfVdmIw"),
        ("2YotnFZFEjr1", "zCsicMWpAA"),
        ("tGzv3JOkF0XG", "5Qx2TlKWIA"),
        ("SplxlOBeZQQY", "bYS6WxSbIA"),
        ("mF_9.B5f", "-4.1JqM"),
        ("QWxhZGRpbjpvcGVu", "IHNlc2FtZQ=="),
        # Ethereum: the first account of Hardhat and Anvil; Ganache's with --deterministic
        ("0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efca", "e784d7bf4f2ff80"),
        ("0x4f3edf983ac636a65a842ce7c78d9aa706d3b113bce9c46f3", "0d7d21715b23b1d"),
    )
)
"""In lower case, so that a value is looked up however it is written."""


def is_documented_key(text: str) -> bool:
    """Whether a key, or the signature of a token, is one that everybody can read in a manual."""
    lowered = text.lower()
    return lowered in DOCUMENTED or lowered.rpartition(".")[2] in DOCUMENTED
