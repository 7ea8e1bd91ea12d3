"""The script as it goes into a page: the source beside this file, with its style sheet and a language's words."""

from __future__ import annotations

import base64
import functools
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

PATH: Final = "/.well-known/promptguard/decision/"
"""Where the script asks the proxy about a decision, by its id: at the page's own origin (RFC 8615)."""


@dataclass(frozen=True, slots=True)
class Script:
    """An element that can stand in a page of any charset that ASCII is a part of."""

    markup: bytes
    source: str
    """What a Content-Security-Policy calls the script by: `'sha256-…'` of its text."""


def make_script(words: Mapping[str, Any], language: str, *, ask: bool) -> Script:
    """The script in the words of a language.

    Args:
        words: see layer.js.
        language: their tag (BCP 47).
        ask: whether the page may ask its own origin; else the title and the number are all that is shown.
    """
    return _assembled(json.dumps({"words": words, "language": language, "ask": ask}, sort_keys=True))


@functools.lru_cache(maxsize=32)  # languages, each with and without `ask`
def _assembled(settings: str) -> Script:
    folder = Path(__file__).parent
    css = (folder / "layer.css").read_text("ascii")
    source = (folder / "layer.js").read_text("ascii").strip()
    # No `<` of the settings may end the element, or begin a comment in it (WHATWG HTML, script data states).
    values = json.dumps({**json.loads(settings), "css": css, "path": PATH}).replace("<", "\\u003c")
    text = f"{source}({values});".encode("ascii")
    digest = base64.b64encode(hashlib.sha256(text).digest()).decode("ascii")
    return Script(b"<script>" + text + b"</script>", f"'sha256-{digest}'")
