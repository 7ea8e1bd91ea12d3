"""Names by which renderers tell what something is."""

from __future__ import annotations

import html
import re
from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


ELEMENTS: Final = _words(
    """a abbr acronym address animate animatemotion animatetransform applet area article aside audio b base basefont
    bdi bdo bgsound big blink blockquote body br button canvas caption center circle cite clippath code col colgroup
    command content data datalist dd defs del desc details dfn dialog dir div dl dt ellipse em embed fieldset
    figcaption figure feimage filter font footer foreignobject form frame frameset g h1 h2 h3 h4 h5 h6 head header
    hgroup hr html i iframe image img input ins isindex kbd keygen label legend li line link listing main map mark
    marker marquee mask math menu menuitem meta meter mglyph mi mn mo ms mtext multicol nav nextid nobr noembed
    noframes noscript object ol optgroup option output p param path pattern picture plaintext polygon polyline portal
    pre progress q rb rect rp rt rtc ruby s samp script search section select set shadow slot small source spacer span
    stop strike strong style sub summary sup svg switch symbol table tbody td template text textarea textpath tfoot th
    thead time title tr track tspan tt u ul use var video view wbr xmp"""
)
"""Of HTML, SVG and MathML, obsolete ones too: those that browsers know."""

RAW: Final = _words("script style textarea title xmp iframe noembed noframes noscript plaintext")
"""Elements whose content has no tags (HTML 13.2.5). That of a title is shown, and no more."""

ENCLOSING: Final = _words("svg math form select button object template audio video picture canvas applet frameset map")
"""Elements whose content is submitted, drawn, or shown in place of something else."""

SELF_CLOSING: Final = _words("svg math")

PREVIEWED: Final = _words(
    "html htm xhtml xml svg md markdown mdx mermaid css scss less jsx tsx vue svelte astro react artifact"
    " math tex latex katex"
)
"""Languages of code that some clients render beside the answer."""

_PREVIEWED_IN_ANY_NAME: Final = re.compile("html|svg|markdown|mermaid|artifact")
"""The same as parts of longer names: `htmldjango`, `dhtml`."""

DRAWN: Final = _words("vega vegalite plantuml puml")
"""Languages of code that some clients run as soon as it is shown, and that put addresses together from its data; or
that they have another host draw, with all of the code in the address of the picture."""

_ESCAPED: Final = re.compile(r"\\([!-/:-@\[-`{-~])")
_NAMED_FIRST: Final = re.compile(r"\s*(?:\{.*|[^\s{]*(?:\{[^}]*\}?)?)", re.DOTALL)
_WORD: Final = re.compile(r"[^\W_]+")

RESERVED: Final = _words("example test invalid local localhost internal onion alt")
"""Domains at the top that stand in no list (RFC 6761, 6762, 7686, 9476)."""

FILE_ENDINGS: Final = _words("app cc md mov pl pm ps py rs sh so zip")
"""Domains at the top that are also endings of files."""


def languages(info: str) -> frozenset[str]:
    """What the info string of a fence may name to some client (CommonMark 4.5).

    Clients take its first word, or what that begins with: `html:index.html`, `html,run`, `image/svg+xml`; others write
    `{.html}`, `{=html}` or `{raw} html`. Versions are left out: `html5`.
    """
    first = _NAMED_FIRST.match(_ESCAPED.sub(r"\1", html.unescape(info)))
    words = _WORD.findall(first.group().lower()) if first else []
    return frozenset(word.rstrip("0123456789") for word in words)


def is_previewed(names: frozenset[str]) -> bool:
    """Whether some clients render code of a language."""
    return not names.isdisjoint(PREVIEWED) or any(_PREVIEWED_IN_ANY_NAME.search(name) for name in names)
