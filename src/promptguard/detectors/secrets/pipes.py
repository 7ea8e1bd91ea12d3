"""Where a bar after the word for a secret is a pipe of a shell or a template, and no border of a table's cells."""

from __future__ import annotations

import re
from typing import Final

LOOK_BACK: Final = 100
"""Characters before the word that say whether it stands in a template."""

_VARIABLE: Final = ("$", "{", ".", "@", "%")
_BAR: Final = re.compile(r"\w{0,16}[\"'`\])}%]{0,4}[ \t]{0,8}\|(?!\|)[ \t]{0,8}")
_FILTER: Final = re.compile(
    r"(?:(?:sha\d{1,3}|md5|b2|ck)(?:sum)?|(?:base|b)(?:32|64)(?:enc|dec|encode|decode)?|quote|squote|trim|default|nindent"
    r"|openssl|xxd|od|hexdump|jq|yq|grep|egrep|rg|awk|sed|tr|cut|head|tail|sort|uniq|wc|tee|xargs|cat|less|pbcopy|xclip"
    r"|docker|podman|kubectl|helm|sudo|gpg|age|ssh|nc|curl|python3?|perl|node|bash|sh|iconv|rev|fold|out-\w+|select-\w+"
    r"|convertto-\w+|convertfrom-\w+|toyaml|tojson|indent|upper|lower|htpasswd|mkpasswd)(?=[\s|;)}\"'`]|\Z)",
    re.IGNORECASE,
)
"""Filters of shells and of templates."""


def is_piped(text: str, start: int, end: int) -> bool:
    """Whether the value named between `start` and `end` is passed on: `"$pw" | sha256sum`, `{{ .pw | quote }}`."""
    bar = _BAR.match(text, end)
    if bar is None:
        return False
    if text[start - 1 : start] in _VARIABLE or _FILTER.match(text, bar.end()):
        return True
    first = max(0, start - LOOK_BACK)
    line = text[max(text.rfind("\n", first, start) + 1, first) : start]
    return line.rfind("{{") > line.rfind("}}")
