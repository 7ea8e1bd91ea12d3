"""How secrets begin that are known by their beginning: what is looked for backwards, rotated and cut in two.

Prefixes are those of the vendors' documents; `config/recognizers` says which, and decides what a secret is.
"""

from __future__ import annotations

PREFIXES = (
    "AKIA", "ASIA", "AIza", "ya29.", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "gldt-",
    "sk-ant-", "sk-proj-", "sk-or-", "sk-svcacct-", "sk_live_", "rk_live_", "sk_test_", "whsec_", "xoxb-", "xoxp-",
    "xoxa-", "xoxe.", "xapp-", "npm_", "pypi-", "hf_", "gsk_", "r8_", "dop_v1_", "SG.", "dapi", "hvs.", "shpat_",
    "shpss_", "EAAA", "eyJ", "NRAK-", "dckr_pat_", "lin_api_", "ntn_", "figd_", "pscale_", "tskey-", "sntrys_",
    "glsa_", "rubygems_", "LTAI",
)  # fmt: skip
"""Literal beginnings of tokens."""
