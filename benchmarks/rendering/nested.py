"""Containers of different extensions of Markdown within each other: admonitions, directives, tabs, notes, diagrams."""

from __future__ import annotations

import random
from typing import Final

from benchmarks.rendering.forms import CONTENTS, PLACE
from benchmarks.rendering.values import X

_INDENTED: Final = (  # what begins a container, and how far the rest of it is indented
    ("- ", 2), ("1. ", 3), ("10) ", 4), ("> ", 0), ("> [!NOTE]\n", 0), (">! ", 0), ("T\n: ", 2), ("T\n:   ", 4),
    ("T\n\n~ ", 2), ("[^1]: ", 4), ("[^1]:\n\n    ", 4), ('!!! note "T"\n    ', 4), ("!!! x\n\n    ", 4),
    ("??? note\n    ", 4), ('???+ tip "T"\n    ', 4), ('=== "T"\n\n    ', 4), ("* [ ] ", 2),
)  # fmt: skip
_ENCLOSED: Final = (
    (":::note\n", "\n:::"), ("::: note T\n", "\n:::"), (":::: details T\n", "\n::::"), (":::note{a=b}\n\n", "\n\n:::"),
    ("::: tabs\n@tab T\n", "\n:::"), (":::tabs\n@tab T\n\n", "\n\n@tab:active U\n\na\n\n:::"), ("::: {.a}\n", "\n:::"),
    ("+++ T\n", "\n+++"), ("++> T\n", "\n++>"), ("<details>\n<summary>T</summary>\n\n", "\n\n</details>"),
    ("<div>\n", "\n</div>"), ("<div markdown=1>\n\n", "\n\n</div>"), ("$$\n", "\n$$"), ("\\[\n", "\n\\]"), ("$", "$"),
    ("```\n", "\n```"), ("~~~ a\n", "\n~~~"), ("````mermaid\n", "\n````"), ("```math\n", "\n```"), ("||", "||"),
    ("!!", "!!"), ("{{< note >}}\n", "\n{{< /note >}}"), ("{% note %}\n", "\n{% endnote %}"), ("%%%\n", "\n%%%"),
    ("```{note} T\n", "\n```"), ("[[", "]]"), ("^[", "]"), ("==", "=="), (":a[", "]{b=c}"), ("| a |\n|---|\n| ", " |"),
)  # fmt: skip


def nested(chance: random.Random) -> str:
    """Some contents in containers within each other, of which some are never closed or not indented enough."""
    text = _content(chance)
    for _ in range(chance.choice((1, 2, 2, 3, 3, 4))):
        text = _within(chance, text)
        if chance.random() < 0.4:
            text += chance.choice(("\n", "\n\n")) + _content(chance)
        if chance.random() < 0.2:
            text = _content(chance) + chance.choice(("\n", "\n\n")) + text
    return text + chance.choice(("", "\n", f"\n\n{X}", "\n\n![i][a]", "\n\nb[^1]"))


def _within(chance: random.Random, text: str) -> str:
    if chance.random() < 0.5:
        begin, end = chance.choice(_ENCLOSED)
        return begin + text + end * (chance.random() < 0.8)
    begin, indent = chance.choice(_INDENTED)
    if begin.startswith(">"):
        return begin + ("> " * begin.endswith("\n")) + text.replace("\n", chance.choice(("\n> ", "\n> ", "\n>", "\n")))
    indent += chance.choice((0, 0, 0, 0, 1, -1, -2))
    return begin + text.replace("\n", "\n" + " " * indent)


def _content(chance: random.Random) -> str:
    return chance.choice(chance.choice((CONTENTS, _LONGER)))


_LONGER: Final = tuple(
    PLACE.sub(X, text)
    for text in (
        "![](/q?x)", "`a` ![](/q?x) `b`", "```\n![](/q?x)\n```", "    ![](/q?x)", "<img src='/q?x'>", "[a]: /q?x",
        "[a]:\n/q?x", "[a](\n/q?x)", "a\n    <img src='/q?x'>", "\n    ![](/q?x)", "`\n![](/q?x)\n`", "<b title='\nx'>",
        "$\\href{/q?x}{a}$", "click A 'x'", "```html\n<img src='/q?x'>\n```", "[^x]: a", "[[x]]", "![[x]]", "x and x",
    )
)  # fmt: skip
