"""Loads PromptGuard into mitmproxy: `mitmdump -s addons/promptguard.py`.

Options, also as environment variables: `promptguard_config` (PROMPTGUARD_CONFIG, default `config/`) and
`promptguard_data` (PROMPTGUARD_DATA, default `data/`).
"""

from promptguard.proxy.addon import PromptGuardAddon

addons = [PromptGuardAddon()]
