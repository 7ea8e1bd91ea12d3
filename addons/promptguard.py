"""Loads PromptGuard into mitmproxy: `mitmdump -s addons/promptguard.py`.

Options, also as environment variables: `promptguard_config` (PROMPTGUARD_CONFIG, default `config/`) and
`promptguard_data` (PROMPTGUARD_DATA, default `data/`).
"""

import sys
from pathlib import Path

# mitmproxy puts this file's folder first on the path, where this file would hide the package of the same name.
sys.path[:] = [entry for entry in sys.path if Path(entry) != Path(__file__).parent]

from promptguard.proxy.addon import PromptGuardAddon  # noqa: E402 - only importable from here on

addons = [PromptGuardAddon()]
