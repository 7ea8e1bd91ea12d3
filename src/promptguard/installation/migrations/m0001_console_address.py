"""The console's address is said once, in `console.url`: before, in `staff_address` and `oidc.console_url` there."""

from __future__ import annotations

from collections.abc import Sequence

from promptguard.installation.migrations.interface import Conflict, Migration, Shipped
from promptguard.typed_yaml.editing import YamlText

_NOW = ("console", "url")
_BEFORE = (("console", "oidc", "console_url"), ("console", "staff_address"))


class ConsoleAddress(Migration):
    """Moves the one that there is."""

    files = "promptguard.yaml"

    def apply(self, path: str, text: YamlText, shipped: Shipped) -> Sequence[str]:
        done = []
        for keys in _BEFORE:
            if keys not in text:
                continue
            old, new = str(text.value(keys)), text.value(_NOW)
            if new is None:
                text.put(_NOW, text.source(keys))
            elif str(new).rstrip("/") != old.rstrip("/"):
                raise Conflict(
                    keys,
                    f"it says {old}, and `console.url` says {new}",
                    f"`console.url` is what counts now: have the right address there, and take `{keys[-1]}` out.",
                )
            text.remove(keys)
            done.append(f"`{'.'.join(keys)}` is `console.url` now")
        return done
